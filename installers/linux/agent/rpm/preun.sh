# $1 = 0: the last one goes. Running agents end their sessions at the last second.
if [ "$1" -eq 0 ]; then
    # By the program that they run, not by a name: this script's own begins with the package's.
    for process in /proc/[0-9]*; do
        case "$(readlink "$process/exe" 2>/dev/null)" in
        /usr/bin/workpulse-tray* | /usr/bin/workpulse-window* | /usr/bin/workpulse-agent*)
            kill -TERM "${process#/proc/}" 2>/dev/null || true
            ;;
        esac
    done
fi
exit 0
