//! What an ONNX file says of itself: inputs, outputs and operators, read before the runtime is asked to load it.
//!
//! ONNX is a protocol buffer (onnx.proto3): `ModelProto.graph = 7`; `GraphProto.node = 1, initializer = 5, input = 11,
//! output = 12, sparse_initializer = 15`; `NodeProto.op_type = 4, attribute = 5`; `AttributeProto.t = 5, g = 6,
//! tensors = 10, graphs = 11, sparse_tensor = 22, sparse_tensors = 23`; `SparseTensorProto.values = 1, indices = 2`;
//! `TensorProto.name = 8, external_data = 13`; `StringStringEntryProto.key = 1, value = 2`; `ModelProto.functions = 25`,
//! `FunctionProto.node = 7`; `ValueInfoProto.name = 1, type = 2`;
//! `TypeProto.tensor_type = 1`; its `elem_type = 1, shape = 2`; `TensorShapeProto.dim = 1`, its `dim_value = 1`.

use std::collections::BTreeSet;

/// Element types of ONNX that matter here (`TensorProto.DataType`).
pub const FLOAT: u64 = 1;
pub const INT32: u64 = 6;
pub const INT64: u64 = 7;

/// What goes into or comes out of a graph.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// The type of its elements, as ONNX counts them.
    pub element: u64,
    /// Its sizes; `None` where the caller chooses. No list where it is not said.
    pub sizes: Option<Vec<Option<u64>>>,
}

/// A graph.
#[derive(Debug, Default)]
pub struct Graph {
    /// What goes in.
    pub inputs: Vec<Port>,
    /// What comes out.
    pub outputs: Vec<Port>,
    /// The operators in use.
    pub operators: BTreeSet<String>,
    /// The files beside it that hold weights.
    pub files: BTreeSet<String>,
}

/// How deep graphs may lie within graphs.
const DEEPEST: usize = 16;

impl Graph {
    /// Reads a file; `None` where it is damaged or no ONNX file.
    pub fn read(bytes: &[u8]) -> Option<Graph> {
        let mut graph = None;
        let mut inner = Graph::default();
        each(bytes, &mut |field, value| {
            match (field, value) {
                (7, Value::Bytes(bytes)) => graph = Some(Graph::parse(bytes)?),
                (25, Value::Bytes(function)) => each(function, &mut |field, value| {
                    if let (7, Value::Bytes(node)) = (field, value) {
                        inner.node(node, 0)?;
                    }
                    Some(())
                })?,
                _ => {}
            }
            Some(())
        })?;
        let mut graph = graph?;
        graph.operators.extend(inner.operators);
        graph.files.extend(inner.files);
        Some(graph).filter(|graph| !graph.outputs.is_empty())
    }

    fn parse(bytes: &[u8]) -> Option<Graph> {
        let mut graph = Graph::default();
        let mut constants = BTreeSet::new();
        each(bytes, &mut |field, value| {
            match (field, value) {
                (5, Value::Bytes(tensor)) => constants.extend(text(tensor, 8)?),
                (11, Value::Bytes(bytes)) => graph.inputs.push(port(bytes)?),
                (12, Value::Bytes(bytes)) => graph.outputs.push(port(bytes)?),
                _ => {}
            }
            Some(())
        })?;
        graph.inner(bytes, 0)?;
        // Older files list their weights among the inputs.
        graph
            .inputs
            .retain(|input| !constants.contains(&input.name));
        Some(graph)
    }

    /// Notes the operators of a graph and the files of its weights, and of those within it.
    fn inner(&mut self, graph: &[u8], depth: usize) -> Option<()> {
        each(graph, &mut |field, value| match (field, value) {
            (1, Value::Bytes(node)) => self.node(node, depth),
            (5, Value::Bytes(tensor)) => self.tensor(tensor),
            (15, Value::Bytes(sparse)) => self.sparse(sparse),
            _ => Some(()),
        })
    }

    fn node(&mut self, node: &[u8], depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.operators.extend(text(node, 4)?);
        each(node, &mut |field, value| {
            let (5, Value::Bytes(attribute)) = (field, value) else {
                return Some(());
            };
            each(attribute, &mut |field, value| match (field, value) {
                (5 | 10, Value::Bytes(tensor)) => self.tensor(tensor),
                (6 | 11, Value::Bytes(graph)) => self.inner(graph, depth + 1),
                (22 | 23, Value::Bytes(sparse)) => self.sparse(sparse),
                _ => Some(()),
            })
        })
    }

    fn sparse(&mut self, sparse: &[u8]) -> Option<()> {
        each(sparse, &mut |field, value| match (field, value) {
            (1 | 2, Value::Bytes(tensor)) => self.tensor(tensor),
            _ => Some(()),
        })
    }

    fn tensor(&mut self, tensor: &[u8]) -> Option<()> {
        each(tensor, &mut |field, value| {
            if let (13, Value::Bytes(entry)) = (field, value)
                && text(entry, 1)?.as_deref() == Some("location")
            {
                self.files.extend(text(entry, 2)?);
            }
            Some(())
        })
    }

    /// Whether weights are kept in 8 bits or fewer: these operators exist for nothing else.
    pub fn eight_bits(&self) -> bool {
        self.operators.iter().any(|operator| {
            operator.contains("Quantize")
                || operator.contains("Dequantize")
                || operator.starts_with("QLinear")
                || operator.starts_with("QAttention")
                || operator.starts_with("QGemm")
                || operator.ends_with("Integer")
                || operator.starts_with("MatMulNBits")
        })
    }
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Walks the fields of a message. `None` where it ends in the middle of one.
fn each<'a>(
    mut bytes: &'a [u8],
    visit: &mut dyn FnMut(u64, Value<'a>) -> Option<()>,
) -> Option<()> {
    while !bytes.is_empty() {
        let tag = number(&mut bytes)?;
        let value = match tag & 7 {
            0 => Value::Number(number(&mut bytes)?),
            1 => Value::Bytes(take(&mut bytes, 8)?),
            2 => {
                let length = number(&mut bytes)?;
                Value::Bytes(take(&mut bytes, length)?)
            }
            5 => Value::Bytes(take(&mut bytes, 4)?),
            _ => return None,
        };
        visit(tag >> 3, value)?;
    }
    Some(())
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let length = usize::try_from(length).ok()?;
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// The last text with this number; an empty list where there is none.
fn text(bytes: &[u8], wanted: u64) -> Option<Option<String>> {
    let mut found = None;
    each(bytes, &mut |field, value| {
        if let (true, Value::Bytes(bytes)) = (field == wanted, value) {
            found = Some(String::from_utf8(bytes.to_vec()).ok()?);
        }
        Some(())
    })?;
    Some(found)
}

fn port(bytes: &[u8]) -> Option<Port> {
    let mut port = Port::default();
    each(bytes, &mut |field, value| {
        match (field, value) {
            (1, Value::Bytes(name)) => port.name = String::from_utf8(name.to_vec()).ok()?,
            (2, Value::Bytes(kind)) => each(kind, &mut |field, value| {
                if let (1, Value::Bytes(tensor)) = (field, value) {
                    tensor_type(tensor, &mut port)?;
                }
                Some(())
            })?,
            _ => {}
        }
        Some(())
    })?;
    Some(port)
}

fn tensor_type(bytes: &[u8], port: &mut Port) -> Option<()> {
    each(bytes, &mut |field, value| {
        match (field, value) {
            (1, Value::Number(element)) => port.element = element,
            (2, Value::Bytes(shape)) => {
                let mut sizes = Vec::new();
                each(shape, &mut |field, value| {
                    if let (1, Value::Bytes(size)) = (field, value) {
                        let mut fixed = None;
                        each(size, &mut |field, value| {
                            if let (1, Value::Number(number)) = (field, value) {
                                fixed = Some(number);
                            }
                            Some(())
                        })?;
                        sizes.push(fixed);
                    }
                    Some(())
                })?;
                port.sizes = Some(sizes);
            }
            _ => {}
        }
        Some(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field with bytes.
    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2, bytes.len() as u8];
        out.extend(bytes);
        out
    }

    /// A field with more bytes than fit a length of one.
    fn long(number: u8, bytes: &[u8]) -> Vec<u8> {
        let length = bytes.len();
        let low = (length & 0x7f) as u8 | 0x80;
        [&[number << 3 | 2, low, (length >> 7) as u8], bytes].concat()
    }

    fn model() -> Vec<u8> {
        let batch = field(1, &field(2, b"batch"));
        let three = field(1, &[1 << 3, 3]);
        let shape = field(2, &[batch, three].concat());
        let tensor = field(1, &[vec![1 << 3, 1], shape].concat());
        let output = field(12, &[field(1, b"logits"), field(2, &tensor)].concat());
        let input = field(11, &field(1, b"input_ids"));
        let listed = field(11, &field(1, b"weight"));
        let constant = field(5, &field(8, b"weight"));
        let node = field(1, &field(4, b"DequantizeLinear"));
        field(7, &[node, constant, input, listed, output].concat())
    }

    #[test]
    fn a_graph_says_what_goes_in_and_out() {
        let graph = Graph::read(&model()).expect("a graph");
        assert_eq!(graph.inputs.len(), 1);
        assert_eq!(graph.inputs[0].name, "input_ids");
        let logits = Port {
            name: "logits".into(),
            element: FLOAT,
            sizes: Some(vec![None, Some(3)]),
        };
        assert_eq!(graph.outputs, [logits]);
        assert!(graph.eight_bits());
    }

    #[test]
    fn files_of_weights_are_found_wherever_a_tensor_stands() {
        let stored = |file: &[u8]| {
            let entry = [field(1, b"location"), field(2, file)].concat();
            let offset = [field(1, b"offset"), field(2, b"0")].concat();
            [field(13, &offset), field(13, &entry)].concat()
        };
        let attribute = |number: u8, bytes: &[u8]| field(1, &field(5, &field(number, bytes)));
        let inner = field(5, &stored(b"b.bin"));
        let parts = [
            field(5, &stored(b"a.bin")),
            attribute(6, &inner),
            attribute(5, &stored(b"c.bin")),
            field(15, &field(1, &stored(b"d.bin"))),
            field(12, &field(1, b"logits")),
        ];
        let graph = Graph::read(&long(7, &parts.concat())).expect("a graph");
        assert_eq!(
            graph.files.into_iter().collect::<Vec<_>>(),
            ["a.bin", "b.bin", "c.bin", "d.bin"]
        );
    }

    #[test]
    fn graphs_within_graphs_end_somewhere() {
        let output = field(12, &field(1, b"logits"));
        let wrapped = |graph: &[u8]| [long(1, &long(5, &long(6, graph))), output.clone()].concat();
        let mut graph = output.clone();
        for _ in 0..DEEPEST {
            assert!(Graph::read(&long(7, &graph)).is_some());
            graph = wrapped(&graph);
        }
        for _ in 0..3 {
            graph = wrapped(&graph);
        }
        assert!(Graph::read(&long(7, &graph)).is_none());
    }

    #[test]
    fn a_file_cut_anywhere_is_damaged() {
        let whole = model();
        for end in 0..whole.len() {
            assert!(Graph::read(&whole[..end]).is_none(), "cut at {end}");
        }
        assert!(Graph::read(b"this is text, not a graph").is_none());
    }
}
