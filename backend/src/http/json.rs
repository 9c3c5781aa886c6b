//! JSON bodies, path and query parameters, with the contract's errors instead of axum's.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::problem::ProblemCode;

use super::{
    body,
    error::{ApiError, ApiResult},
    state::AppState,
};

/// A JSON body, of at most 1 MiB as a request's; never cached as an answer's.
///
/// Put it last among a handler's arguments: the caller is authenticated before it is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &AppState) -> ApiResult<Self> {
        let (parts, body) = request.into_parts();
        require_json(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, body::ORDINARY_LIMIT).await?;
        decode(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for ApiJson<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => (
                [
                    (
                        header::CONTENT_TYPE,
                        HeaderValue::from_static("application/json"),
                    ),
                    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                ],
                bytes,
            )
                .into_response(),
            Err(error) => ApiError::internal(error).into_response(),
        }
    }
}

/// A JSON body that may be absent: then the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<AppState> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &AppState) -> ApiResult<Self> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body, body::ORDINARY_LIMIT).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        require_json(&parts.headers)?;
        decode(&bytes).map(Self)
    }
}

/// 415 unless the body says that it is JSON.
pub fn require_json(headers: &HeaderMap) -> ApiResult<()> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim)
        .unwrap_or_default();
    if media.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(ApiError::new(ProblemCode::UnsupportedMedia)
        .detail("Send the body as JSON, with `Content-Type: application/json`."))
}

/// Reads JSON: 400 with the place when it is none, 422 with the field when it has another
/// shape.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let field = if path == "." { String::new() } else { path };
            ApiError::field(field, without_place(&inner))
        } else {
            malformed(&inner)
        }
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> ApiError {
    ApiError::new(ProblemCode::Malformed).detail(format!(
        "This is not valid JSON: {} at line {}, column {}. Nothing was applied.",
        without_place(error),
        error.line(),
        error.column()
    ))
}

/// The reader's message without " at line 1 column 2", which names places of no use to a form.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(place) => text[..place].to_owned(),
        None => text,
    }
}

/// Path parameters; whatever cannot be read as an id is not there.
#[derive(Debug, Clone, Copy)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for ApiPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| ApiError::not_found())
    }
}

/// Query parameters; wrong ones are 422.
#[derive(Debug, Clone, Copy)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|error| {
                use std::error::Error as _;
                let message = error
                    .source()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                ApiError::field("query", message)
            })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its reading matters")]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading matters")]
        count: i64,
    }

    fn problem(text: &str) -> ApiError {
        decode::<Outer>(text.as_bytes()).expect_err("must be refused")
    }

    #[test]
    fn what_is_no_json_is_400_and_says_where() {
        let error = problem("{\"list\": [\n{\"count\" 1}]}");
        assert_eq!(error.code, ProblemCode::Malformed);
        assert!(error.detail.expect("has one").contains("line 2, column 10"));
        assert_eq!(problem("").code, ProblemCode::Malformed);
        assert_eq!(problem("{\"list\":[]} x").code, ProblemCode::Malformed);
    }

    #[test]
    fn another_shape_is_422_and_names_the_field() {
        let error = problem("{\"list\": [{\"count\": 1}, {\"count\": \"two\"}]}");
        assert_eq!(error.code, ProblemCode::Validation);
        assert_eq!(error.fields[0].field, "list[1].count");
        let error = problem("{\"list\": [], \"more\": 1}");
        assert_eq!(error.fields[0].field, "more");
    }

    #[test]
    fn a_tower_of_brackets_does_not_overflow_the_stack() {
        let tower = "[".repeat(100_000);
        let error = decode::<serde_json::Value>(tower.as_bytes()).expect_err("refused");
        assert_eq!(error.code, ProblemCode::Malformed);
    }
}
