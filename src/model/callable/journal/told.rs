//! Why a file of answers cannot be used, and the way out.

use super::Journal;
use crate::diagnostic::{Place, Problem, Problems};
use crate::model::cache::FOLDER;

impl Journal {
    fn place(&self) -> Place {
        Place::file(self.path.display().to_string())
    }

    pub(super) fn unusable(&self, error: &std::io::Error) -> Problems {
        Problem::new(
            "model/no-cache",
            self.place(),
            format!("answers cannot be kept here: {error}"),
        )
        .help(format!(
            "name another folder in {FOLDER}, or say cache = false in the file of the model"
        ))
        .into()
    }

    pub(super) fn busy(&self) -> Problems {
        Problem::new(
            "model/busy",
            self.place(),
            "another run, or another model of this run that asks the same, keeps its answers here",
        )
        .help("wait until that run has ended, and what it kept is not asked for again; two files that ask the same need only one of them")
        .into()
    }

    pub(super) fn stranger(&self) -> Problems {
        Problem::new(
            "model/other-cassette",
            self.place(),
            "this is no file of answers that were kept",
        )
        .help("name another file in cassette; one that is not there yet is begun")
        .into()
    }

    pub(super) fn foreign(&self) -> Problems {
        Problem::new(
            "model/other-cassette",
            self.place(),
            "the answers in it were given to other questions: url, body, labels or the program have changed since",
        )
        .help("name a new file in cassette to ask everything anew, or take back the change")
        .into()
    }
}
