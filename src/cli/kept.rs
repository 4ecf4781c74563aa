//! Answers and scores that are kept for runs to come: that models make use of them, and where they lie.

use crate::diagnostic::{counted, plain};
use crate::model::Model;
use crate::model::cache::{ANSWERS, FOLDER, SCORES, folder, size};

use super::output;

/// Lets models that take long keep their scores, and use what was kept. What stands in the way is told and ends nothing.
pub fn begin(models: &mut [Model]) {
    for model in models {
        if let Err(trouble) = model.keep() {
            output::note(&plain(&format!(
                "no scores of {} are kept: {trouble}",
                model.card.name
            )));
        }
    }
}

/// Where answers and scores lie, how many models they are of, and how to forget them.
pub fn told() -> String {
    let Some(folder) = folder() else {
        return format!("there is no folder for any; name one in {FOLDER}");
    };
    let mut told = Vec::new();
    for (part, what) in [(ANSWERS, "called model"), (SCORES, "transformer")] {
        let folder = folder.join(part);
        let (models, bytes) = size(&folder);
        if models > 0 {
            let megabytes = bytes as f64 / 1e6;
            let models = counted(models, what);
            told.push(format!(
                "{part} of {models}, {megabytes:.1} MB, in {}",
                folder.display()
            ));
        }
    }
    if told.is_empty() {
        return format!("none yet; they would be in {}", folder.display());
    }
    format!("{}; remove the folder to forget them", told.join("; "))
}
