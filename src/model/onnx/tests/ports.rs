//! A graph that is no text classifier is told of before the runtime sees it.

use super::*;

fn port(name: &str, element: u64, sizes: &[Option<u64>]) -> Port {
    Port {
        name: name.to_owned(),
        element,
        sizes: Some(sizes.to_vec()),
    }
}

fn graph() -> Graph {
    Graph {
        inputs: INPUTS.map(|name| port(name, INT64, &[None, None])).into(),
        outputs: vec![port("logits", FLOAT, &[None, Some(3)])],
        ..Graph::default()
    }
}

fn problems(graph: &Graph) -> String {
    check(graph, 3, &Place::file("model.onnx"))
        .err()
        .map(|problems| problems.to_string())
        .unwrap_or_default()
}

#[test]
fn a_classifier_passes() {
    let ports = check(&graph(), 3, &Place::file("model.onnx")).expect("a classifier");
    assert_eq!(ports.inputs.len(), 3);
    assert_eq!(ports.output, "logits");
}

#[test]
fn strange_inputs_and_outputs_are_all_named() {
    let mut strange = graph();
    strange.inputs.push(port("pixel_values", FLOAT, &[None]));
    strange.inputs[1].element = FLOAT;
    strange.inputs[2].sizes = Some(vec![Some(1), None]);
    strange.outputs[0].sizes = Some(vec![None, None, Some(384)]);
    let told = problems(&strange);
    for part in [
        "pixel_values",
        "no whole numbers",
        "fixed size 1",
        "[?, ?, 384]",
        "4 problems",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(problems(&Graph::default()).contains("takes no input_ids"));
}

#[test]
fn another_number_of_labels_is_another_model() {
    let mut other = graph();
    other.outputs[0].sizes = Some(vec![None, Some(28)]);
    assert!(problems(&other).contains("names 3 labels"));
    other.outputs[0].sizes = None;
    assert_eq!(problems(&other), "");
}
