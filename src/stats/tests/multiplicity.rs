use super::*;
use crate::stats::multiplicity::*;

#[test]
fn adjusted_values_match_statsmodels_ties_included() {
    for case in oracles("multiplicity") {
        let p = numbers(&case["p"]);
        for (ours, theirs) in [
            (holm(&p), "holm"),
            (benjamini_hochberg(&p), "fdr_bh"),
            (benjamini_yekutieli(&p), "fdr_by"),
        ] {
            let theirs = numbers(&case[theirs]);
            assert_eq!(ours.len(), theirs.len());
            ours.iter()
                .zip(theirs)
                .for_each(|(&ours, theirs)| assert_close(ours, theirs));
        }
    }
}

#[test]
fn equal_values_are_adjusted_alike_and_order_does_not_matter() {
    let p = [0.02, 0.5, 0.02, 0.001, 0.02];
    let reversed: Vec<f64> = p.iter().rev().copied().collect();
    for adjust in [holm, benjamini_hochberg, benjamini_yekutieli] {
        let adjusted = adjust(&p);
        assert!(adjusted[0] == adjusted[2] && adjusted[2] == adjusted[4]);
        let mut back = adjust(&reversed);
        back.reverse();
        assert_eq!(adjusted, back);
        assert!(adjust(&[]).is_empty());
    }
}
