/// One line of a lexicon file, as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub concept: &'a str,
    spoken: &'a str,
    pub code: &'a str,
    attributes: &'a str,
}

impl<'a> Line<'a> {
    pub fn forms(&self) -> impl Iterator<Item = &'a str> {
        self.spoken.split('|').map(str::trim).filter(|form| !form.is_empty())
    }

    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.attributes
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.trim(), value.trim()))
    }
}

pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t').map(str::trim);
        let mut next = || columns.next().unwrap_or_default();
        Line { concept: next(), spoken: next(), code: next(), attributes: next() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_forms_code_and_attributes_and_comments_are_skipped() {
        let text = "# head\n\nfièvre\ttempérature | fébrile\tR50\tchronic=no; x=1\ntoux\n";
        let read: Vec<Line<'_>> = lines(text).collect();
        assert_eq!(read[0].forms().collect::<Vec<_>>(), ["température", "fébrile"]);
        assert_eq!(read[0].attributes().collect::<Vec<_>>(), [("chronic", "no"), ("x", "1")]);
        assert_eq!((read[1].concept, read[1].forms().count()), ("toux", 0));
    }
}
