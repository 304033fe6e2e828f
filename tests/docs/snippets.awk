# SPDX-License-Identifier: MIT
# Takes the program out of one section of a document: its code blocks of one language.
#   awk -v section=N -v lang=cpp|go|text -v file=NAME -f snippets.awk DOCUMENT
# Sections are those that "## " opens, counted from 1. A block marked `global` stands outside main, and so
# does one that brings its own main; each other block gets a scope of its own inside it. `text` blocks are what the program prints.

function line_mark(n) { return lang == "cpp" ? "#line " n " \"" file "\"\n" : "//line " file ":" n "\n" }

/^```/ && !inside { inside = 1; kind = substr($1, 4); place = $2; block = ""; first = NR + 1; next }
/^```$/ && inside {
    inside = 0
    if (n != section || kind != lang) next
    if (lang == "text") printf "%s", block
    else if (place == "global") outside = outside line_mark(first) block
    else if (block ~ /(^|\n)int main\(/) { outside = outside line_mark(first) block; own_main = 1 }
    else { statements = statements "{\n" line_mark(first) block "}\n"; any = 1 }
    next
}
inside { block = block $0 "\n"; next }
/^## / { n++ }

END {
    if (lang == "cpp") {
        printf "%s", outside
        if (!own_main) printf "int main() {\n%s}\n", statements
    } else if (lang == "go") {
        printf "%s\nfunc main() {\n%s}\n", outside, statements
    }
}
