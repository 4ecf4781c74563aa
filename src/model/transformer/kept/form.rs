//! The bytes of a file of kept scores: a head, then a line of one length for each text.
//!
//! Texts, the model and every line are named or sealed by HMAC-SHA256 (RFC 2104) with a secret. Without it nobody can
//! find out whether a text is among them, nor write a line that is taken. All numbers are little-endian.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a text is called.
pub type Name = [u8; 16];

/// What came out for a text, and whether it was cut.
pub type Row = (Vec<f32>, bool);

/// How many bytes a secret has.
pub const SECRET: usize = 32;

const MAGIC: &[u8; 8] = b"AFFSCORE";
const VERSION: u32 = 1;
const SEAL: usize = 8;

/// What a digest is for, so that none can pass for another.
#[derive(Clone, Copy)]
enum Role {
    Model = 1,
    File,
    Text,
    Line,
    Head,
    Company,
    Beside,
}

/// The form of the file of one model.
pub struct Form {
    key: [u8; SECRET],
    outputs: usize,
}

impl Form {
    /// The form for a model, by a digest of all that its outputs depend on and their number.
    pub fn new(secret: &[u8; SECRET], model: &str, outputs: usize) -> Form {
        Form {
            key: digest(secret, Role::Model, &[model.as_bytes()]),
            outputs,
        }
    }

    /// What the file is called.
    pub fn file(&self) -> String {
        let name = digest(&self.key, Role::File, &[]);
        name[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// What texts are called: each by itself, or all together, so that none is found again but with the others.
    pub fn names(&self, texts: &[&str], together: bool) -> Vec<Name> {
        let mut company = Vec::new();
        if together {
            let all: Vec<u8> = texts.iter().flat_map(|text| self.name(&[], text)).collect();
            company = digest(&self.key, Role::Company, &[&all]).to_vec();
        }
        texts.iter().map(|text| self.name(&company, text)).collect()
    }

    fn name(&self, company: &[u8], text: &str) -> Name {
        let role = if company.is_empty() {
            Role::Text
        } else {
            Role::Beside
        };
        let mut name = Name::default();
        name.copy_from_slice(&digest(&self.key, role, &[company, text.as_bytes()])[..16]);
        name
    }

    /// The head of the file.
    pub fn head(&self) -> Vec<u8> {
        let mut head = MAGIC.to_vec();
        head.extend(VERSION.to_le_bytes());
        head.extend((self.outputs as u32).to_le_bytes());
        self.seal(Role::Head, head)
    }

    /// How many bytes a line has.
    pub fn length(&self) -> usize {
        size_of::<Name>() + 1 + self.outputs * size_of::<f32>() + SEAL
    }

    /// The line of a text.
    pub fn write(&self, name: &Name, outputs: &[f32], cut: bool) -> Vec<u8> {
        let mut line = name.to_vec();
        line.push(u8::from(cut));
        line.extend(outputs.iter().flat_map(|output| output.to_le_bytes()));
        self.seal(Role::Line, line)
    }

    /// Reads a line; `None` where it is not as it was written. A line that `wanted` does not ask for is not looked at any
    /// closer, and gives nothing.
    pub fn read<T>(
        &self,
        line: &[u8],
        wanted: impl FnOnce(&Name) -> Option<T>,
    ) -> Option<Option<(T, Row)>> {
        let (name, _) = line.split_first_chunk::<16>()?;
        let Some(place) = wanted(name) else {
            return Some(None);
        };
        let content = line.len().checked_sub(SEAL)?;
        if line.len() != self.length() || self.seal(Role::Line, line[..content].to_vec()) != line {
            return None;
        }
        let outputs = line[17..content]
            .chunks_exact(size_of::<f32>())
            .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        Some(Some((place, (outputs, line[16] == 1))))
    }

    /// Puts a seal behind bytes.
    fn seal(&self, role: Role, mut bytes: Vec<u8>) -> Vec<u8> {
        let seal = digest(&self.key, role, &[&bytes]);
        bytes.extend(&seal[..SEAL]);
        bytes
    }
}

fn digest(key: &[u8; SECRET], role: Role, parts: &[&[u8]]) -> [u8; 32] {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(&[role as u8]);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const SECRET_OF_TEST: [u8; SECRET] = [7; SECRET];

    proptest! {
        #[test]
        fn a_line_gives_back_what_was_written(
            text in "\\PC{0,40}", outputs in vec(any::<f32>(), 1..30), cut in any::<bool>()
        ) {
            let form = Form::new(&SECRET_OF_TEST, "model", outputs.len());
            let line = form.write(&form.name(&[], &text), &outputs, cut);
            prop_assert_eq!(line.len(), form.length());
            let (name, (found, is_cut)) = form.read(&line, |name| Some(*name)).flatten().unwrap();
            prop_assert_eq!(name, form.name(&[], &text));
            prop_assert_eq!(is_cut, cut);
            let bits = |row: &[f32]| row.iter().map(|output| output.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&found), bits(&outputs));
        }

        #[test]
        fn a_line_with_any_other_byte_is_refused(place in 0..61_usize, change in 1..=255_u8) {
            let form = Form::new(&SECRET_OF_TEST, "model", 9);
            let mut line = form.write(&form.name(&[], "a text"), &[0.5; 9], false);
            line[place] ^= change;
            prop_assert!(form.read(&line, |_| Some(())).is_none());
        }
    }

    #[test]
    fn another_secret_or_model_calls_everything_otherwise() {
        let form = Form::new(&SECRET_OF_TEST, "model", 3);
        let line = form.write(&form.name(&[], "a text"), &[0.5; 3], false);
        for other in [
            Form::new(&[8; SECRET], "model", 3),
            Form::new(&SECRET_OF_TEST, "other", 3),
        ] {
            assert_ne!(form.file(), other.file());
            assert_ne!(form.head(), other.head());
            assert_ne!(form.name(&[], "a text"), other.name(&[], "a text"));
            assert!(other.read(&line, |_| Some(())).is_none());
        }
    }

    #[test]
    fn texts_together_are_found_together_alone() {
        let form = Form::new(&SECRET_OF_TEST, "model", 3);
        let alone = form.names(&["a", "b"], false);
        assert_eq!(form.names(&["b", "a"], false), [alone[1], alone[0]]);
        let together = form.names(&["a", "b"], true);
        assert_eq!(form.names(&["a", "b"], true), together);
        for others in [["b", "a"], ["a", "c"], ["ab", ""]] {
            let others = form.names(&others, true);
            assert!(together.iter().all(|name| !others.contains(name)));
        }
        assert!(together.iter().all(|name| !alone.contains(name)));
    }

    /// `hmac.new(bytes([7]) * 32, b"\x01model", "sha256")` of Python 3.11, then with that as the key of `b"\x03a text"`.
    #[test]
    fn names_are_those_of_python() {
        let name = Form::new(&SECRET_OF_TEST, "model", 3).name(&[], "a text");
        let hex: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "c244efc108b172786ec0b53fac57a3b1");
    }
}
