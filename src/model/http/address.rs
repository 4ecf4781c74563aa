//! The address of a service: whether it is one, and whether texts and keys may go there.

use ureq::http::Uri;

use crate::diagnostic::Problem;
use crate::document::Fields;

/// Whether an address is on this machine.
pub fn is_loopback(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The address; `None` with the problem noted where it is none that may be used.
pub fn address(fields: &Fields<'_>, url: &str) -> Option<Uri> {
    if url.is_empty() {
        return None;
    }
    let wrong = |message: &str, help: &str| {
        fields.problem(
            Problem::new("model/url", fields.place_of("url"), message.to_owned()).help(help),
        );
        None
    };
    let Ok(address) = url.parse::<Uri>() else {
        return wrong(
            "this is no address",
            "it begins with https:// and names a host",
        );
    };
    if url.contains('@') {
        return wrong(
            "the address holds a name or key",
            "keys are read from the environment: basic = \"user:${API_KEY}\"",
        );
    }
    match address.scheme_str() {
        Some("https") => Some(address),
        Some("http") if is_loopback(&address) => Some(address),
        Some("http") => wrong(
            "texts and keys would go over the network for all to read",
            "say https:// (http:// is for this machine alone)",
        ),
        _ => wrong(
            "this is no address",
            "it begins with https:// and names a host",
        ),
    }
}
