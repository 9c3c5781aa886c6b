# $1 = 0: the last one goes.
if [ "$1" -eq 0 ] && [ -d /run/systemd/system ]; then
    systemctl disable --now workpulse-worker.service workpulse-server.service >/dev/null 2>&1 || :
fi
exit 0
