//! One request to a service: as fast as the file allows, repeated where that may help, given up where it will not.

// The edge: here the network and the clock are used.
#![allow(clippy::disallowed_methods)]

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ureq::http::{HeaderMap, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

use super::address::is_loopback;
use super::options::Options;
use super::sigv4;
use crate::diagnostic::{Place, Problem, Problems};
use crate::model::callable::budget::Budget;

/// The longest that is waited because a service asks to, in seconds.
const LONGEST_WAIT: f64 = 900.0;

/// The longest that is waited of our own accord, in seconds.
const LONGEST_BACKOFF: f64 = 60.0;

/// The largest answer that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The variables that may name a proxy.
const PROXIES: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

/// What came of a request.
pub enum Outcome {
    /// An answer.
    Body(Vec<u8>),
    /// The service does not take these texts.
    Rejected(u16, Vec<u8>),
    /// Nothing, however often it was asked; with what it said last, if anything.
    Failed(String, Vec<u8>),
}

/// Sends requests.
pub struct Sender {
    agent: Agent,
    /// The earliest moment of the next request.
    next: Mutex<Instant>,
}

impl Sender {
    /// Makes ready to send.
    ///
    /// # Errors
    /// A proxy or certificate that cannot be used.
    pub fn new(file: &str, options: &Options) -> Result<Sender, Problems> {
        let wrong = |key: &str, help: &str| -> Problems {
            Problem::new(
                "model/connection",
                Place::file(file).key(key),
                format!("the {key} cannot be used"),
            )
            .help(help)
            .into()
        };
        let mut tls = TlsConfig::builder();
        if let Some(pem) = &options.certificate {
            let certificate = Certificate::from_pem(pem)
                .map_err(|_| wrong("certificate", "it must be a certificate in PEM"))?;
            tls = tls.root_certs(RootCerts::new_with_certs(&[certificate]));
        }
        let proxy = match &options.proxy {
            Some(proxy) => Some(
                Proxy::new(proxy).map_err(|_| wrong("proxy", "write it as http://HOST:PORT"))?,
            ),
            None if is_loopback(&options.url) => None,
            None => {
                usable_proxies(file)?;
                Proxy::try_from_env()
            }
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs_f64(options.timeout)))
            .user_agent(concat!("affect-audit/", env!("CARGO_PKG_VERSION")))
            .proxy(proxy)
            .tls_config(tls.build())
            .build()
            .new_agent();
        Ok(Sender {
            agent,
            next: Mutex::new(Instant::now()),
        })
    }

    /// Sends a body until there is an answer or no hope.
    ///
    /// # Errors
    /// What makes every further request useless, or the cap of the budget.
    pub fn send(
        &self,
        file: &str,
        options: &Options,
        body: &[u8],
        budget: &Budget,
    ) -> Result<Outcome, Problems> {
        let (mut fault, mut said) = (String::new(), Vec::new());
        for attempt in 0..=options.retries {
            self.wait_turn(options.rate);
            budget.spend()?;
            let mut asked = None;
            match self.once(options, body) {
                Ok((200..=299, _, body)) => return Ok(Outcome::Body(body)),
                Ok((status @ (408 | 425 | 429 | 500..=599), headers, body)) => {
                    said = body;
                    fault = format!("the service answered with the status {status}");
                    asked = retry_after(&headers);
                }
                Ok((status @ (400 | 413 | 422), _, body)) => {
                    return Ok(Outcome::Rejected(status, body));
                }
                Ok((status, ..)) => return Err(refused(file, options, status)),
                Err(error) => {
                    fault = transport(file, &error)?;
                }
            }
            if let Some(seconds) = asked.filter(|seconds| *seconds > LONGEST_WAIT) {
                return Err(Problem::new(
                    "model/wait",
                    Place::file(file),
                    format!("the service asks to wait for {seconds:.0} seconds"),
                )
                .help("run it again later; answers that were kept are not asked for again")
                .into());
            }
            if attempt < options.retries {
                match asked {
                    // Everybody waits, or the next would be turned away too.
                    Some(seconds) => self.pause(seconds),
                    None => thread::sleep(backoff(options.backoff, attempt)),
                }
            }
        }
        Ok(Outcome::Failed(fault, said))
    }

    fn once(
        &self,
        options: &Options,
        body: &[u8],
    ) -> Result<(u16, HeaderMap, Vec<u8>), ureq::Error> {
        let mut request = Request::builder()
            .method(options.method)
            .uri(options.url.clone());
        let mut headers = options.headers.clone();
        let has = |name: &str| {
            headers
                .iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        if !has("content-type") {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        if let Some((credentials, token, region, service)) = &options.signer {
            let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
            headers.push(("X-Amz-Date".to_owned(), date.clone()));
            headers.extend(
                token
                    .iter()
                    .map(|token| ("X-Amz-Security-Token".to_owned(), token.clone())),
            );
            let host = options.url.authority().map_or("", |host| host.as_str());
            let mut signed = headers.clone();
            signed.push(("Host".to_owned(), host.to_owned()));
            let value = sigv4::authorization(
                &sigv4::Request {
                    method: options.method,
                    path: options.url.path(),
                    query: options.url.query().unwrap_or_default(),
                    headers: signed,
                    body,
                },
                credentials,
                region,
                service,
                &date,
            );
            headers.push(("Authorization".to_owned(), value));
        }
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let response = self.agent.run(request.body(body)?)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        let mut reader = response
            .into_body()
            .into_with_config()
            .limit(LARGEST)
            .reader();
        reader.read_to_end(&mut body).map_err(ureq::Error::from)?;
        Ok((status, headers, body))
    }

    /// Waits until the next request may be sent, and takes that turn.
    fn wait_turn(&self, rate: Option<f64>) {
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate));
            turn
        };
        thread::sleep(turn.saturating_duration_since(Instant::now()));
    }

    fn pause(&self, seconds: f64) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(Instant::now() + Duration::from_secs_f64(seconds));
    }
}

/// Makes sure that each proxy that the environment names is one: what is none would be passed by, and texts would go
/// out directly.
fn usable_proxies(file: &str) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for name in PROXIES {
        let address = std::env::var(name).unwrap_or_default();
        if !address.is_empty() && Proxy::new(&address).is_err() {
            problems.push(
                Problem::new(
                    "model/connection",
                    Place::file(file),
                    format!("the environment has {name}, and it is no proxy that can be used"),
                )
                .help("write it as http://HOST:PORT, or unset it"),
            );
        }
    }
    problems.or(())
}

/// The wait before the next attempt: doubled each time, and shortened by up to a half at random, so that those who
/// were turned away together do not come back together.
fn backoff(first: f64, attempt: u32) -> Duration {
    let longest = (first * 2_f64.powi(attempt as i32)).min(LONGEST_BACKOFF);
    let chance = RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64;
    Duration::from_secs_f64(longest * (1.0 - chance / 2.0))
}

/// The seconds of `Retry-After`, which is a number or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<f64> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then_some(seconds);
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some((date.as_second() - Timestamp::now().as_second()).max(0) as f64)
}

fn refused(file: &str, options: &Options, status: u16) -> Problems {
    let host = options.url.host().unwrap_or_default();
    let help = match status {
        401 | 403 => "check the key in the environment, and that it may use this model",
        402 => "the account of the key has nothing left to pay with",
        404 | 405 => "check url and method in the file of the model",
        300..=399 => {
            "it redirects elsewhere, and keys are not sent on: name the address itself in url"
        }
        _ => "see what the service says of this status",
    };
    Problem::new(
        "model/refused",
        Place::file(file),
        format!("{host} answered with the status {status}"),
    )
    .help(help)
    .into()
}

/// What went wrong on the way, in words without an address; an error where repeating cannot help.
fn transport(file: &str, error: &ureq::Error) -> Result<String, Problems> {
    let text = error.to_string().to_lowercase();
    if text.contains("certificate") || matches!(error, ureq::Error::Tls(_)) {
        return Err(Problem::new(
            "model/certificate",
            Place::file(file).key("url"),
            "the certificate of the service is not trusted",
        )
        .help("where it is its own, fetch it by a way you trust and name it: certificate = \"service.pem\"; one that vouches for itself must not say that it is an authority (openssl req -x509 -addext basicConstraints=CA:FALSE)")
        .into());
    }
    Ok(match error {
        ureq::Error::Timeout(_) => "the service took too long".to_owned(),
        ureq::Error::HostNotFound => "the name of the host is not known".to_owned(),
        // The library of the system says only in words that it knows no such host.
        ureq::Error::Io(_) if text.contains("lookup address") || text.contains("known host") => {
            "the name of the host is not known".to_owned()
        }
        ureq::Error::BodyExceedsLimit(most) => {
            format!("the answer is longer than {} MiB", most >> 20)
        }
        ureq::Error::ConnectProxyFailed(_) => "the proxy does not let it through".to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "nobody listens at the address".to_owned()
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            "the service took too long".to_owned()
        }
        _ => "the connection broke".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_spread() {
        for attempt in 0..12 {
            let longest = (0.5 * 2_f64.powi(attempt as i32)).min(LONGEST_BACKOFF);
            let wait = backoff(0.5, attempt).as_secs_f64();
            assert!((longest / 2.0..=longest).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", value.parse().expect("value"));
            retry_after(&headers)
        };
        assert_eq!(of("7"), Some(7.0));
        assert_eq!(of("Wed, 21 Oct 2015 07:28:00 GMT"), Some(0.0));
        assert!(of("Fri, 31 Dec 2100 23:59:59 GMT").is_some_and(|wait| wait > 1e6));
        assert_eq!((of("-1"), of("soon"), of("inf")), (None, None, None));
    }
}
