//! Compressed bodies: authenticated first, read within the compressed limit, then inflated
//! within the other. A bomb costs at most the second limit, and only while it is decoded.

use std::io::Read;

use bytes::Bytes;
use http::{HeaderMap, header};
use shared_types::problem::ProblemCode;

use super::{
    body::too_large,
    error::{ApiError, ApiResult},
};

/// The body as it was before compression.
///
/// # Errors
/// 415 for a coding other than gzip and zstd, 400 for a damaged body, 413 for one that
/// inflates to more than `limit` bytes.
pub(super) fn inflate(headers: &HeaderMap, body: Bytes, limit: usize) -> ApiResult<Bytes> {
    let coding = headers
        .get(header::CONTENT_ENCODING)
        .map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    match coding.as_deref() {
        None | Some("identity") => {
            if body.len() > limit {
                return Err(too_large(limit));
            }
            Ok(body)
        }
        Some("gzip") => bounded(flate2::read::MultiGzDecoder::new(body.as_ref()), limit),
        Some("zstd") => {
            let mut decoder =
                zstd::stream::read::Decoder::new(body.as_ref()).map_err(|_| damaged())?;
            // A frame may ask for a window of gigabytes; 8 MiB holds any body that we take.
            decoder.window_log_max(23).map_err(|_| damaged())?;
            bounded(decoder, limit)
        }
        Some(_) => Err(ApiError::new(ProblemCode::UnsupportedMedia)
            .detail("Send the body plain, or compressed with gzip or zstd.")),
    }
}

fn bounded(reader: impl Read, limit: usize) -> ApiResult<Bytes> {
    let mut whole = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader
        .take(one_more)
        .read_to_end(&mut whole)
        .map_err(|_| damaged())?;
    if whole.len() > limit {
        return Err(too_large(limit));
    }
    Ok(whole.into())
}

fn damaged() -> ApiError {
    ApiError::new(ProblemCode::Malformed)
        .detail("The compressed body is damaged. Nothing was applied; send it again.")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use http::HeaderValue;

    use super::*;

    const LIMIT: usize = 1_000_000;

    fn headers(coding: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        headers
    }

    fn gzip(plain: &[u8]) -> Bytes {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(plain).expect("memory");
        encoder.finish().expect("memory").into()
    }

    fn zstd(plain: &[u8]) -> Bytes {
        zstd::encode_all(plain, 3).expect("memory").into()
    }

    #[test]
    fn what_was_compressed_comes_back() {
        for (coding, body) in [("gzip", gzip(b"minutes")), ("zstd", zstd(b"minutes"))] {
            let plain = inflate(&headers(coding), body, LIMIT).expect("fits");
            assert_eq!(plain, "minutes");
        }
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let zeros = vec![0_u8; 50 * LIMIT];
        for (coding, body) in [("gzip", gzip(&zeros)), ("zstd", zstd(&zeros))] {
            assert!(body.len() < LIMIT, "small enough to be let in");
            let error = inflate(&headers(coding), body, LIMIT).expect_err("too large");
            assert_eq!(error.code, ProblemCode::TooLarge);
        }
    }

    #[test]
    fn damage_is_400_wherever_it_is() {
        for (coding, body) in [
            ("gzip", gzip(b"some minutes")),
            ("zstd", zstd(b"some minutes")),
        ] {
            for cut in 0..body.len() {
                let error = inflate(&headers(coding), body.slice(..cut), LIMIT);
                if let Err(error) = error {
                    assert_eq!(error.code, ProblemCode::Malformed, "{coding} cut at {cut}");
                }
            }
            let mut broken = body.to_vec();
            broken[0] ^= 0xff;
            let error = inflate(&headers(coding), broken.into(), LIMIT).expect_err("damaged");
            assert_eq!(error.code, ProblemCode::Malformed);
        }
    }

    #[test]
    fn an_unknown_coding_is_415() {
        let error = inflate(&headers("br"), Bytes::new(), LIMIT).expect_err("unknown");
        assert_eq!(error.code, ProblemCode::UnsupportedMedia);
    }
}
