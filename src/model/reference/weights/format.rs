//! The bytes of `weights.bin`: writes a model, and reads one back without trusting the bytes.

use std::fmt;

use sha2::{Digest, Sha256};

use super::super::features::{BUCKETS, FEATURES_VERSION};
use super::{LinearModel, MOST_LABELS};

const MAGIC: &[u8; 8] = b"AFFAUDIT";
const FORMAT_VERSION: u32 = 1;
const CHECKSUM_BYTES: usize = 32;

impl LinearModel {
    /// The model as the bytes of `weights.bin`, the same for equal models. All numbers are
    /// little-endian; a SHA-256 digest of everything before it comes last.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let mut number = |value: usize| bytes.extend((value as u32).to_le_bytes());
        number(FORMAT_VERSION as usize);
        number(FEATURES_VERSION as usize);
        number(BUCKETS as usize);
        number(self.labels.len());
        number(self.buckets.sorted.len());
        for label in &self.labels {
            bytes.push(label.len() as u8);
            bytes.extend(label.as_bytes());
        }
        for value in self.bias.iter().chain(&self.scale) {
            bytes.extend(value.to_le_bytes());
        }
        for bucket in &self.buckets.sorted {
            bytes.extend(bucket.to_le_bytes());
        }
        for weight in &self.weights {
            bytes.extend(weight.to_le_bytes());
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// Reads a model back from the bytes of `weights.bin`.
    ///
    /// # Errors
    /// When the bytes are not such a file, are of another version, cut short, too long or
    /// altered. Takes no more memory than the bytes call for, whatever sizes they claim.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut reader = Reader { rest: bytes };
        if reader.take("the eight bytes AFFAUDIT", MAGIC.len())? != MAGIC {
            return Err(WeightsError::NotWeights);
        }
        for (what, expected) in [
            ("format version", FORMAT_VERSION),
            ("features version", FEATURES_VERSION),
            ("number of buckets", BUCKETS),
        ] {
            let found = reader.number(what)?;
            if found != expected {
                return Err(WeightsError::Unsupported {
                    what,
                    expected,
                    found,
                });
            }
        }
        let labels = reader.number("the number of labels")? as usize;
        let buckets = reader.number("the number of known buckets")? as usize;
        if labels > MOST_LABELS || buckets > BUCKETS as usize {
            return Err(invalid("sizes", "at most 64 labels and 1,048,576 buckets"));
        }
        let names = (0..labels)
            .map(|_| {
                let length = reader.take("the length of a label", 1)?[0];
                let name = reader.take("the name of a label", usize::from(length))?;
                String::from_utf8(name.to_vec()).map_err(|_| invalid("labels", "UTF-8"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let bias = reader.numbers("the biases", labels, f32::from_le_bytes)?;
        let scale = reader.numbers("the scales", labels, f32::from_le_bytes)?;
        let sorted = reader.numbers("the buckets", buckets, u32::from_le_bytes)?;
        let weights = reader.numbers("the weights", buckets * labels, i16::from_le_bytes)?;

        let checksum = reader.take("the checksum", CHECKSUM_BYTES)?;
        if !reader.rest.is_empty() {
            return Err(WeightsError::TooLong {
                extra: reader.rest.len(),
            });
        }
        if Sha256::digest(&bytes[..bytes.len() - CHECKSUM_BYTES]).as_slice() != checksum {
            return Err(WeightsError::Altered);
        }
        Self::checked(names, bias, scale, sorted, weights)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, what: &'static str, bytes: usize) -> Result<&'a [u8], WeightsError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(bytes)
            .ok_or(WeightsError::CutShort {
                expected: what,
                bytes,
                found: self.rest.len(),
            })?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self, what: &'static str) -> Result<u32, WeightsError> {
        Ok(self.numbers(what, 1, u32::from_le_bytes)?[0])
    }

    fn numbers<T, const N: usize>(
        &mut self,
        what: &'static str,
        count: usize,
        read: fn([u8; N]) -> T,
    ) -> Result<Vec<T>, WeightsError> {
        let (numbers, _) = self.take(what, count * N)?.as_chunks::<N>();
        Ok(numbers.iter().map(|bytes| read(*bytes)).collect())
    }
}

pub(super) fn invalid(field: &'static str, expected: &'static str) -> WeightsError {
    WeightsError::Invalid { field, expected }
}

/// Why bytes are not the weights of a reference model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightsError {
    /// The file begins with other bytes.
    NotWeights,
    /// Written for another version of the format or of the features.
    Unsupported {
        /// Which of the versions differs.
        what: &'static str,
        /// The one that this version reads.
        expected: u32,
        /// The one in the file.
        found: u32,
    },
    /// The file ends too early.
    CutShort {
        /// What should have come next.
        expected: &'static str,
        /// How many bytes of it.
        bytes: usize,
        /// How many bytes were left.
        found: usize,
    },
    /// Bytes follow the checksum.
    TooLong {
        /// How many.
        extra: usize,
    },
    /// The checksum does not fit the content.
    Altered,
    /// A part of the file holds what it must not.
    Invalid {
        /// Which part.
        field: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWeights => write!(
                f,
                "expected the weights of a reference model, which begin with AFFAUDIT"
            ),
            Self::Unsupported {
                what,
                expected,
                found,
            } => {
                write!(f, "expected {what} {expected}, found {found}")
            }
            Self::CutShort {
                expected,
                bytes,
                found,
            } => {
                write!(
                    f,
                    "cut short: expected {expected} ({bytes} bytes), found {found} bytes"
                )
            }
            Self::TooLong { extra } => write!(f, "expected the end, found {extra} more bytes"),
            Self::Altered => write!(
                f,
                "altered: expected content that fits the checksum at the end"
            ),
            Self::Invalid { field, expected } => write!(f, "{field}: expected {expected}"),
        }
    }
}

impl std::error::Error for WeightsError {}
