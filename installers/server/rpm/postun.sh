# Data, settings and the account stay: rpm has no purge. docs/PACKAGES.md says how to remove them.
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload >/dev/null 2>&1 || :
fi
exit 0
