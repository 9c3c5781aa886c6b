install -d -o workpulse -g workpulse -m 0700 /var/lib/workpulse
install -d -o workpulse -g workpulse -m 0750 /var/log/workpulse
if [ -e /etc/workpulse/server.toml ]; then
    chown root:workpulse /etc/workpulse/server.toml
fi
if [ "$1" -ge 2 ]; then
    /usr/share/workpulse-server/upgrade "rpm-$(date -u +%Y%m%d%H%M%S)" || exit 1
fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload >/dev/null 2>&1 || :
    if [ "$1" -eq 1 ]; then
        systemctl preset workpulse-server.service >/dev/null 2>&1 || :
    else
        systemctl try-restart workpulse-worker.service >/dev/null 2>&1 || :
        systemctl start workpulse-server.service >/dev/null 2>&1 || :
    fi
fi
exit 0
