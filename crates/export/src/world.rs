//! All that the typesetting can see: one template, one data file, three fonts. No disk, no network, no clock.

use std::sync::{Arc, LazyLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

const TEMPLATE: &str = include_str!("../../../assets/templates/page.typ");
const FONTS: [&[u8]; 3] = [
    include_bytes!("../../../assets/fonts/SourceSans3-Regular.otf"),
    include_bytes!("../../../assets/fonts/SourceSans3-Semibold.otf"),
    include_bytes!("../../../assets/fonts/SourceSans3-It.otf"),
];

/// What every page shares, made once.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Option<Source>,
    data: Option<FileId>,
}

static SHARED: LazyLock<Arc<Shared>> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS.iter().filter_map(|data| Font::new(Bytes::new(*data), 0)).collect();
    Arc::new(Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: file_id("page.typ").map(|id| Source::new(id, TEMPLATE.into())),
        data: file_id("data.json"),
    })
});

/// Whether every style of the page holds the character.
pub fn can_draw(c: char) -> bool {
    let fonts = &SHARED.fonts;
    !fonts.is_empty() && fonts.iter().all(|font| font.info().coverage.contains(u32::from(c)))
}

fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

pub struct Press {
    shared: Arc<Shared>,
    template: Source,
    data: Bytes,
}

impl Press {
    /// None when the built-in template could not be placed, which no input can cause.
    pub fn new(data: String) -> Option<Self> {
        let shared = Arc::clone(&SHARED);
        let template = shared.template.clone()?;
        Some(Self { shared, template, data: Bytes::from_string(data) })
    }
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if Some(id) == self.shared.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
