use std::ops::ControlFlow;
use std::time::Instant;

use consultation::{Engine, Options, Places, models, transcribe_file};

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
        ModelsAct::Import { file } => {
            let progress = Progress::new();
            let imported = models::import(file, &folder, &mut |fraction| {
                progress.fraction("copying", fraction);
                ControlFlow::Continue(())
            });
            progress.end();
            print_json(&serde_json::json!({ "path": imported? }))
        }
        ModelsAct::Bench { audio, language, model } => {
            let engine = Engine::named(&folder, model.as_deref());
            // Loading is paid once a day: it is not part of the speed.
            engine.model(*language)?;
            let start = Instant::now();
            let (transcript, _) =
                transcribe_file(&engine, audio, Options::new(*language), &mut |_| ControlFlow::Continue(()))?;
            let seconds = start.elapsed().as_secs_f64();
            let factor = seconds / (f64::from(transcript.duration_ms.max(1)) / 1000.0);
            print_json(&serde_json::json!({
                "model": transcript.model,
                "audio_seconds": f64::from(transcript.duration_ms) / 1000.0,
                "seconds": seconds,
                "real_time_factor": factor,
                "keeps_up_live": factor < 0.7,
            }))
        }
    }
}
