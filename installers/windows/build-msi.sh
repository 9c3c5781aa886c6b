#!/bin/sh
# Builds the agent's MSI, and signs it where WORKPULSE_AUTHENTICODE_COMMAND says how.
#
#     build-msi.sh VERSION DIRECTORY-WITH-THE-PROGRAMS OUTPUT.msi
#
# WORKPULSE_AUTHENTICODE_COMMAND is called with one more argument, the file to sign in place: sign.sh
# here, with osslsigncode, or a script of yours around signtool or a signing service. The programs
# themselves are signed by the same command before they are packed.
set -eu
version=$1 binaries=$2 out=$(realpath "$3")
here=$(cd "$(dirname "$0")" && pwd)
# wixl finds programs by paths from where it stands.
cd "$binaries"

sign() {
    if [ -n "${WORKPULSE_AUTHENTICODE_COMMAND:-}" ]; then
        # Words, on purpose: a command with its options.
        # shellcheck disable=SC2086
        $WORKPULSE_AUTHENTICODE_COMMAND "$1"
    else
        echo "NOT SIGNED (WORKPULSE_AUTHENTICODE_COMMAND is not set): $1" >&2
    fi
}

for program in workpulse-agent.exe workpulse-tray.exe workpulse-window.exe; do
    sign "$program"
done
wixl -a x64 -D "Version=$version" -o "$out" "$here/workpulse.wxs"

# What wixl has no words for. Properties that are handed to the elevated part:
msibuild "$out" -q "UPDATE \`Property\` SET \`Value\` = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;SERVER_URL;ENROLLMENT_TOKEN;AUTOSTART;NOUI' WHERE \`Property\` = 'SecureCustomProperties'"

# enrolment.toml, written when the package is installed: a section of an .ini file with quoted
# values is a table of TOML. 0 adds or replaces a line.
line() {
    msibuild "$out" -q "INSERT INTO \`IniFile\` (\`IniFile\`, \`FileName\`, \`DirProperty\`, \`Section\`, \`Key\`, \`Value\`, \`Action\`, \`Component_\`) VALUES ('$1', 'enrol.tom|enrolment.toml', 'SETTINGSDIR', 'enrolment', '$2', '\"[$3]\"', 0, 'Provision')"
}
msibuild "$out" -q "CREATE TABLE \`IniFile\` (\`IniFile\` CHAR(72) NOT NULL, \`FileName\` CHAR(255) NOT NULL LOCALIZABLE, \`DirProperty\` CHAR(72), \`Section\` CHAR(96) NOT NULL LOCALIZABLE, \`Key\` CHAR(128) NOT NULL LOCALIZABLE, \`Value\` CHAR(255) NOT NULL LOCALIZABLE, \`Action\` SHORT NOT NULL, \`Component_\` CHAR(72) NOT NULL PRIMARY KEY \`IniFile\`)"
line ProvisionServer server SERVER_URL
line ProvisionToken token ENROLLMENT_TOKEN
msibuild "$out" -q "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('WriteIniValues', 5100)"
msibuild "$out" -q "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('RemoveIniValues', 2700)"

# Which parts are left out (level 0), by the properties.
without() {
    msibuild "$out" -q "INSERT INTO \`Condition\` (\`Feature_\`, \`Level\`, \`Condition\`) VALUES ('$1', 0, '$2')"
}
msibuild "$out" -q "CREATE TABLE \`Condition\` (\`Feature_\` CHAR(38) NOT NULL, \`Level\` SHORT NOT NULL, \`Condition\` CHAR(255) PRIMARY KEY \`Feature_\`, \`Level\`)"
without FeatureStartTray 'AUTOSTART<>1 OR NOUI=1'
without FeatureStartAgent 'AUTOSTART<>1 OR NOUI<>1'
without FeatureEnrol 'NOT SERVER_URL OR NOT ENROLLMENT_TOKEN'
sign "$out"
