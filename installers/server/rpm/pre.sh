getent group workpulse >/dev/null || groupadd --system workpulse
getent passwd workpulse >/dev/null || useradd --system --gid workpulse --home-dir /var/lib/workpulse \
    --no-create-home --shell /usr/sbin/nologin --comment "WorkPulse server" workpulse
# $1 = 2: an upgrade. Agents keep what they have until the server is back.
if [ "$1" -ge 2 ] && [ -d /run/systemd/system ]; then
    systemctl stop workpulse-worker.service workpulse-server.service >/dev/null 2>&1 || :
fi
exit 0
