//! Pages: a cursor says where to read on. It is opaque to clients, and holds nothing that its
//! reader may not see.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::error::{ApiError, ApiResult};

/// Most items of a page.
pub const LARGEST_PAGE: i64 = 200;
const ORDINARY_PAGE: i64 = 50;

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Where to read on: `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
}

impl Page {
    /// How many items, checked.
    pub fn limit(&self) -> ApiResult<i64> {
        let limit = self.limit.unwrap_or(ORDINARY_PAGE);
        if (1..=LARGEST_PAGE).contains(&limit) {
            return Ok(limit);
        }
        Err(ApiError::field("limit", "must be 1 to 200"))
    }

    /// Where to read on.
    pub fn position<T: DeserializeOwned>(&self) -> ApiResult<Option<T>> {
        self.cursor.as_deref().map(decode).transpose()
    }
}

/// The cursor of a position.
pub fn encode<T: Serialize>(position: &T) -> ApiResult<String> {
    serde_json::to_vec(position)
        .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
        .map_err(ApiError::internal)
}

/// The position of a cursor; 422 when it is none of ours.
pub fn decode<T: DeserializeOwned>(cursor: &str) -> ApiResult<T> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| ApiError::field("cursor", "is not a cursor that this server gave"))
}

/// Cuts a page that was read with one item too many, and gives the cursor of the last one kept.
pub fn cut<T, P: Serialize>(
    items: &mut Vec<T>,
    limit: i64,
    position: impl FnOnce(&T) -> P,
) -> ApiResult<Option<String>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return Ok(None);
    }
    items.truncate(limit);
    items.last().map(|last| encode(&position(last))).transpose()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_is_cut_only_when_there_is_more() {
        let mut items = vec![1, 2, 3];
        let cursor = cut(&mut items, 2, |last| *last).expect("encodes");
        assert_eq!(items, [1, 2]);
        assert_eq!(
            decode::<i32>(&cursor.expect("there is more")).expect("ours"),
            2
        );
        assert_eq!(cut(&mut items, 2, |last| *last).expect("encodes"), None);
    }

    proptest! {
        #[test]
        fn no_cursor_makes_it_panic(text in ".{0,60}") {
            let _ = decode::<(String, uuid::Uuid)>(&text);
        }

        #[test]
        fn a_cursor_leads_back_to_its_position(name in ".{0,60}", id: u128) {
            let position = (name, uuid::Uuid::from_u128(id));
            let cursor = encode(&position).expect("encodes");
            prop_assert_eq!(decode::<(String, uuid::Uuid)>(&cursor).expect("ours"), position);
        }
    }
}
