# $1 = 0: the last one goes. Running agents end their sessions at the last second.
if [ "$1" -eq 0 ]; then
    pkill -TERM -x workpulse-tray || :
    pkill -TERM -x workpulse-agent || :
fi
exit 0
