use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use consultation::{Engine, Language, Places, models};

use crate::arguments::{ModelsAct, ModelsCommand};
use crate::failure::CliError;
use crate::print_json;
use crate::progress::Progress;

pub fn run(what: &ModelsCommand) -> Result<(), CliError> {
    let folder = Places::of_this_user()?.models;
    match &what.act {
        ModelsAct::List => print_json(&models::list(&folder)),
        ModelsAct::Verify => {
            let checked = models::verify(&folder);
            print_json(&checked)?;
            match checked.iter().find(|model| model.problem.is_some()) {
                None => Ok(()),
                Some(model) => Err(CliError::Input(format!("{} is damaged: import it again", model.file))),
            }
        }
        ModelsAct::Import { file, as_is } => import(file, &folder, !as_is),
        ModelsAct::Bench { model } => bench(&folder, model.as_deref()),
    }
}

/// Says what became of the file: its size, and how long the model takes to load, before and after. Recognition takes the
/// same time with both, since Calame computes in eight bits in any case.
fn import(file: &Path, folder: &Path, lean: bool) -> Result<(), CliError> {
    let progress = Progress::new();
    let imported = models::import(file, folder, lean, &mut |fraction| {
        progress.fraction("importing", fraction);
        ControlFlow::Continue(())
    });
    progress.end();
    let imported = imported?;
    let loading = |path: &Path| -> Result<u128, CliError> {
        let begun = Instant::now();
        Engine::at(path.into()).model(Language::En)?;
        Ok(begun.elapsed().as_millis())
    };
    print_json(&serde_json::json!({
        "path": imported.path,
        "bytes_before": imported.bytes_before,
        "bytes": imported.bytes,
        "quantised": imported.quantised,
        "load_ms_before": loading(file)?,
        "load_ms": loading(&imported.path)?,
    }))
}

/// A line of figures for each model; one that cannot be measured says why, and the others are measured all the same.
fn bench(folder: &Path, named: Option<&str>) -> Result<(), CliError> {
    let paths: Vec<PathBuf> = match named {
        Some(name) => vec![Engine::named(folder, Some(name)).status().path.into()],
        None => models::list(folder)
            .into_iter()
            .filter(|model| model.installed)
            .map(|model| folder.join(model.file))
            .collect(),
    };
    if paths.is_empty() {
        return Err(CliError::Input("no speech model is installed: import one".into()));
    }
    let mut lines = Vec::with_capacity(paths.len());
    let mut failed = None;
    for path in paths {
        let progress = Progress::new();
        let speed = models::measure(&path, &mut |fraction| {
            progress.fraction("measuring", fraction);
            ControlFlow::Continue(())
        });
        progress.end();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        lines.push(match &speed {
            Ok(speed) => serde_json::json!({
                "file": file,
                "real_time_factor": speed.real_time_factor,
                "glance_ms": speed.glance_ms,
                "keeps_up_live": speed.keeps_up,
                "disturbed": speed.disturbed,
            }),
            Err(failure) => serde_json::json!({ "file": file, "problem": failure.to_string() }),
        });
        failed = failed.or(speed.err());
    }
    print_json(&lines)?;
    failed.map_or(Ok(()), |failure| Err(failure.into()))
}
