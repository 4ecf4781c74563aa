//! Signatures of requests to AWS, version 4 (AWS, "Create a signed AWS API request").

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::digest::sha256;

/// Who signs.
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
}

/// What is signed. Paths are `/` and such as need no escaping: those of the services that are called.
pub struct Request<'a> {
    /// `POST` and the like.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query, its parameters in order and escaped.
    pub query: &'a str,
    /// The headers that are signed, with their values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: &'a [u8],
}

/// The value of the header `Authorization`. `date` is as in `20150830T123600Z`, and stands in `x-amz-date` too.
pub fn authorization(
    request: &Request<'_>,
    credentials: &Credentials,
    region: &str,
    service: &str,
    date: &str,
) -> String {
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| {
            let words: Vec<&str> = value.split_whitespace().collect();
            (name.to_lowercase(), words.join(" "))
        })
        .collect();
    headers.sort();
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed = names.join(";");
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{signed}\n{}",
        request.method,
        request.path,
        request.query,
        sha256([request.body])
    );
    let day = date.get(..8).unwrap_or(date);
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        sha256([canonical.as_bytes()])
    );
    let mut key = format!("AWS4{}", credentials.secret).into_bytes();
    for part in [day, region, service, "aws4_request"] {
        key = hmac(&key, part);
    }
    let signature: String = hmac(&key, &to_sign)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed}, Signature={signature}",
        credentials.id
    )
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, query, headers, body and signature.
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

    const DATE: &str = "20150830T123600Z";

    /// The published test suite of AWS for signature version 4: credentials, requests and signatures.
    #[test]
    fn signatures_are_those_of_the_published_suite() {
        let credentials = Credentials {
            id: "AKIDEXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        };
        let form = "application/x-www-form-urlencoded";
        let utf8 = "application/x-www-form-urlencoded; charset=utf8";
        let cases: [Case<'_>; 8] = [
            (
                "GET",
                "",
                &[],
                "",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "POST",
                "",
                &[],
                "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "POST",
                "Param1=value1",
                &[],
                "",
                "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
            ),
            (
                "POST",
                "",
                &[("My-Header1", "value1")],
                "",
                "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
            ),
            (
                "POST",
                "",
                &[("My-Header1", "VALUE1")],
                "",
                "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
            ),
            (
                "POST",
                "",
                &[("Content-Type", form)],
                "Param1=value1",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
            (
                "POST",
                "",
                &[("Content-Type", utf8)],
                "Param1=value1",
                "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
            ),
            (
                "GET",
                "",
                &[("My-Header1", "value2,value2,value1")],
                "",
                "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            ),
        ];
        for (method, query, more, body, signature) in cases {
            let mut headers = vec![
                ("X-Amz-Date".to_owned(), DATE.to_owned()),
                ("Host".to_owned(), "example.amazonaws.com".to_owned()),
            ];
            headers.extend(
                more.iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            );
            let request = Request {
                method,
                path: "/",
                query,
                headers,
                body: body.as_bytes(),
            };
            let value = authorization(&request, &credentials, "us-east-1", "service", DATE);
            assert!(
                value.ends_with(&format!("Signature={signature}")),
                "{value}"
            );
            assert!(value.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="));
        }
    }
}
