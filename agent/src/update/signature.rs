//! Whether bytes are what a key's holder signed, under this name and as this version.
//!
//! The trusted comment is signed with the file: `file:NAME version:VERSION timestamp:SECONDS`.
//! Without it an old file with a good signature could be served under a new name.

use minisign_verify::{PublicKey, Signature};

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// What should be a key is none.
    #[error("the key for updates cannot be read")]
    Key,
    /// What should be a signature is none.
    #[error("the signature of {0} cannot be read")]
    Unreadable(String),
    /// Changed on its way, or signed by somebody else.
    #[error("{0} is not what the holder of the key for updates signed")]
    NotSigned(String),
    /// A good signature, of something else.
    #[error("what was served as {file} version {version} was signed as something else: {signed}")]
    SomethingElse {
        /// The name under which it was served.
        file: String,
        /// The version that was expected.
        version: String,
        /// The trusted comment.
        signed: String,
    },
}

/// Checks bytes against a signature, and the signature's comment against name and version.
pub fn verify(
    key: &str,
    signature: &str,
    content: &[u8],
    file: &str,
    version: &str,
) -> Result<(), Refused> {
    let key = public_key(key).ok_or(Refused::Key)?;
    let signature =
        Signature::decode(signature).map_err(|_| Refused::Unreadable(file.to_owned()))?;
    // Signatures over the whole content instead of its hash are of programs from before 2021.
    key.verify(content, &signature, false)
        .map_err(|_| Refused::NotSigned(file.to_owned()))?;
    let comment = signature.trusted_comment();
    let says = |name: &str| {
        comment
            .split_whitespace()
            .filter_map(|part| part.split_once(':'))
            .find_map(|(key, value)| (key == name).then_some(value))
    };
    if says("file") == Some(file) && says("version") == Some(version) {
        Ok(())
    } else {
        Err(Refused::SomethingElse {
            file: file.to_owned(),
            version: version.to_owned(),
            signed: shared_types::activity::clean_text(comment, 200),
        })
    }
}

/// A key as minisign writes it: the line itself, or the file with the comment above it.
#[must_use]
pub fn public_key(text: &str) -> Option<PublicKey> {
    let line = text.trim().lines().last()?.trim();
    PublicKey::from_base64(line).ok()
}
