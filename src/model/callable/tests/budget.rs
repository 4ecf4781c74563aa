use super::*;

fn caps(requests: Option<u64>, price: Option<f64>, cost: Option<f64>) -> Caps {
    Caps {
        max_requests: requests,
        price,
        max_cost: cost,
        currency: "EUR".to_owned(),
    }
}

#[test]
fn the_lower_of_both_caps_counts_and_rounding_takes_no_request_away() {
    for (requests, price, cost, most) in [
        (None, None, None, None),
        (None, Some(0.1), None, None),
        (Some(7), None, None, Some((7, "max_requests"))),
        // In floating point three times 0.1 is more than 0.3.
        (None, Some(0.1), Some(0.3), Some((3, "max_cost"))),
        (None, Some(0.002), Some(1.0), Some((500, "max_cost"))),
        (None, Some(0.3), Some(1.0), Some((3, "max_cost"))),
        (Some(2), Some(0.1), Some(0.3), Some((2, "max_requests"))),
        (Some(9), Some(0.1), Some(0.3), Some((3, "max_cost"))),
        // What costs nothing is capped by no cost.
        (None, Some(0.0), Some(0.0), None),
        (Some(0), None, None, Some((0, "max_requests"))),
    ] {
        assert_eq!(caps(requests, price, cost).most(), most);
    }
}

#[test]
fn costs_are_written_to_the_cent_or_as_fine_as_they_are() {
    let cost = |price, requests| caps(None, Some(price), None).cost(requests);
    assert_eq!(cost(0.002, 3).as_deref(), Some("0.006 EUR"));
    assert_eq!(cost(0.25, 10).as_deref(), Some("2.50 EUR"));
    assert_eq!(cost(0.0, 10).as_deref(), Some("0.00 EUR"));
    assert_eq!(caps(None, None, None).cost(10), None);
}

#[test]
fn no_request_is_counted_beyond_the_cap_whoever_makes_it() {
    let budget = Budget::new("m.toml", caps(Some(50), Some(0.01), None), None);
    let granted = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    if budget.spend().is_ok() {
                        granted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!((granted.into_inner(), budget.made()), (50, 50));
    let told = budget.spend().expect_err("spent").to_string();
    for words in [
        "max_requests = 50",
        "50 requests made (0.50 EUR)",
        "cache = true",
    ] {
        assert!(told.contains(words), "{told}");
    }
}
