#!/bin/sh
# Builds WorkPulse.pkg and WorkPulse.dmg; runs on macOS.
#
#     build-pkg.sh VERSION DIRECTORY-WITH-THE-PROGRAMS OUTPUT-DIRECTORY
#
# Signed and notarized where these are set, and said to be unsigned where they are not:
#     WORKPULSE_CODESIGN_IDENTITY    "Developer ID Application: …"
#     WORKPULSE_INSTALLER_IDENTITY   "Developer ID Installer: …"
#     WORKPULSE_NOTARY_PROFILE       a profile that `xcrun notarytool store-credentials` has made
#     WORKPULSE_NOTARY_KEYCHAIN      the keychain that it is in, if not the login keychain
set -eu
version=$1 binaries=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
app=$work/root/Applications/WorkPulse.app/Contents

mkdir -p "$app/MacOS" "$work/root/Library/LaunchAgents" "$out"
for program in workpulse-agent workpulse-tray workpulse-window; do
    install -m 755 "$binaries/$program" "$app/MacOS/$program"
done
sed "s/VERSION/$version/" "$here/Info.plist" >"$app/Info.plist"
for agent in io.workpulse.tray io.workpulse.enrol; do
    install -m 644 "$here/$agent.plist" "$work/root/Library/LaunchAgents/$agent.plist"
done

if [ -n "${WORKPULSE_CODESIGN_IDENTITY:-}" ]; then
    for program in workpulse-agent workpulse-window; do
        codesign --force --options runtime --timestamp --sign "$WORKPULSE_CODESIGN_IDENTITY" "$app/MacOS/$program"
    done
    codesign --force --options runtime --timestamp --sign "$WORKPULSE_CODESIGN_IDENTITY" "$work/root/Applications/WorkPulse.app"
else
    echo "NOT SIGNED: WORKPULSE_CODESIGN_IDENTITY is not set" >&2
fi

pkgbuild --root "$work/root" --identifier io.workpulse.pkg --version "$version" \
    --scripts "$here/scripts" --ownership recommended "$work/agent.pkg"
if [ -n "${WORKPULSE_INSTALLER_IDENTITY:-}" ]; then
    productbuild --package "$work/agent.pkg" --sign "$WORKPULSE_INSTALLER_IDENTITY" "$out/WorkPulse-$version.pkg"
else
    productbuild --package "$work/agent.pkg" "$out/WorkPulse-$version.pkg"
    echo "NOT SIGNED: WORKPULSE_INSTALLER_IDENTITY is not set" >&2
fi
hdiutil create -quiet -ov -volname WorkPulse -srcfolder "$out/WorkPulse-$version.pkg" -format UDZO "$out/WorkPulse-$version.dmg"

if [ -n "${WORKPULSE_NOTARY_PROFILE:-}" ]; then
    for file in "$out/WorkPulse-$version.pkg" "$out/WorkPulse-$version.dmg"; do
        xcrun notarytool submit "$file" --keychain-profile "$WORKPULSE_NOTARY_PROFILE" \
            ${WORKPULSE_NOTARY_KEYCHAIN:+--keychain "$WORKPULSE_NOTARY_KEYCHAIN"} --wait
        xcrun stapler staple "$file"
    done
else
    echo "NOT NOTARIZED: WORKPULSE_NOTARY_PROFILE is not set" >&2
fi
