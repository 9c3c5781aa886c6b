#!/bin/sh
# Puts what signs and notarizes into a keychain of a release machine's own; runs on macOS.
#
#     signing-keychain.sh KEYCHAIN
#
#     CERTIFICATES_P12        both Developer ID certificates with their keys, as base64
#     CERTIFICATES_PASSWORD   the password of that file
#     NOTARY_KEY              a key of App Store Connect (.p8), as base64
#     NOTARY_KEY_ID, NOTARY_ISSUER
#
# Makes the notary profile `workpulse` in the same keychain. Whoever calls this removes the keychain
# afterwards: security delete-keychain KEYCHAIN.
set -eu
keychain=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
password=$(uuidgen)

security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$password" "$keychain"
printf '%s' "$CERTIFICATES_P12" | base64 --decode >"$work/certificates.p12"
security import "$work/certificates.p12" -k "$keychain" -P "$CERTIFICATES_PASSWORD" \
    -T /usr/bin/codesign -T /usr/bin/productbuild
# Without this a dialog would ask whether codesign may use the key.
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
# codesign looks where the user's list says; the login keychain stays in it.
security list-keychains -d user -s "$keychain" login.keychain-db

printf '%s' "$NOTARY_KEY" | base64 --decode >"$work/notary.p8"
xcrun notarytool store-credentials workpulse --keychain "$keychain" \
    --key "$work/notary.p8" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER"
