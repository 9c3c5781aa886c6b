# Reads a unit's EnvironmentFile as systemd does (systemd.exec(5)), and writes what it sets as
# commands for a shell. Nothing in a value is expanded or run.
#
#     commands=$(awk -f environment.awk FILE) && eval "$commands"

{ text = text $0 "\n" }

END {
    state = "before"
    length_ = length(text)
    for (i = 1; i <= length_; i++) {
        c = substr(text, i, 1)
        if (state == "before") {
            if (c == "#" || c == ";") state = "comment"
            else if (c !~ /[ \t\r\n]/) { key = c; state = "key" }
        } else if (state == "comment") {
            # Since systemd 254; before, a backslash at the end took the next line along.
            if (c == "\n") state = "before"
        } else if (state == "key") {
            # A line without an equals sign sets nothing.
            if (c == "\n") state = "before"
            else if (c == "=") { value = ""; state = "value begins" }
            else key = key c
        } else if (state == "value begins") {
            if (c == "\n") { put(value); state = "before" }
            else if (c == "'") state = "single"
            else if (c == "\"") state = "double"
            else if (c == "\\") { kept = length(value); state = "escape" }
            else if (c !~ /[ \t\r]/) { value = value c; kept = length(value); state = "value" }
        } else if (state == "value") {
            if (c == "\n") { put(substr(value, 1, kept)); state = "before" }
            else if (c == "\\") state = "escape"
            else { value = value c; if (c !~ /[ \t\r]/) kept = length(value) }
        } else if (state == "escape") {
            if (c != "\n") { value = value c; kept = length(value) }
            state = "value"
        } else if (state == "single") {
            if (c == "'") state = "value begins"
            else value = value c
        } else if (state == "double") {
            if (c == "\"") state = "value begins"
            else if (c == "\\") state = "double escape"
            else value = value c
        } else {
            if (c ~ /["\\`$]/) value = value c
            else if (c != "\n") value = value "\\" c
            state = "double"
        }
    }
}

function put(found) {
    sub(/[ \t\r]+$/, "", key)
    # What is no name of a variable is left out, as systemd leaves it out.
    if (key !~ /^[A-Za-z_][A-Za-z0-9_]*$/) return
    gsub(/'/, "'\\''", found)
    printf "export %s='%s'\n", key, found
}
