// SPDX-License-Identifier: MIT
#include "random/model.h"

/// What the model's contexts answer.
namespace scripts {

namespace {

bool shows_parent(sort kind) {
    return kind == sort::value || kind == sort::embed || kind == sort::named || kind == sort::no_value ||
           kind == sort::embed_after;
}

bool has_own_done(sort kind) {
    return kind == sort::foreign || kind == sort::own_done || kind == sort::forward ||
           kind == sort::after_funcer;
}

constexpr int no_channel = -1;
constexpr int fresh_channel = -2;
constexpr int own_channels = 1'000'000; // those of custom contexts; a node's channel has its own number

/// Equal keys have equal names. A newptr has none.
std::string identity(const std::string& type, const std::string& text) {
    const bool number = type == "int" || type == "keyInt";
    return type + "/" + (number ? std::to_string(std::stoll(text)) : text);
}

/// As WithValue prints a key or a value.
std::string stringified(const std::string& type, const std::string& text) {
    if (type == "string") return text;
    if (type == "A") return "main.keyA";
    if (type == "B") return "B(" + text + ")";
    if (type == "int") return "int";
    if (type == "keyInt") return "main.keyInt";
    if (type == "stringer") return "<" + text + ">";
    return type == "nil" ? "<nil>" : "*main.ptrKey";
}

std::string in_ms(std::int64_t ms) {
    return std::to_string(ms) + "ms";
}

} // namespace

const fault& model::err_of(int c) const {
    static const fault none;
    const context& it = contexts_[static_cast<std::size_t>(c)];
    if (it.own >= 0) return nodes_[static_cast<std::size_t>(it.own)].err;
    if (has_own_done(it.kind)) return it.err;
    return shows_parent(it.kind) || it.kind == sort::fresh_done ? err_of(it.parent) : none;
}

const fault& model::cause_of(int c) const {
    const fault& err = err_of(c);
    const int n = node_of(c);
    if (!err.there || n < 0) return err;
    const fault& cause = nodes_[static_cast<std::size_t>(n)].cause;
    return cause.there ? cause : err;
}

/// The node that a lookup with the private key finds.
int model::node_of(int c) const {
    const context& it = contexts_[static_cast<std::size_t>(c)];
    if (it.own >= 0) return it.own;
    if (it.kind == sort::no_value || it.kind == sort::without_cancel || it.parent < 0) return -1;
    return node_of(it.parent);
}

int model::channel_of(int c) const {
    const context& it = contexts_[static_cast<std::size_t>(c)];
    if (it.own >= 0) return it.own;
    if (has_own_done(it.kind)) return own_channels + c;
    if (it.kind == sort::fresh_done) return fresh_channel;
    return shows_parent(it.kind) ? channel_of(it.parent) : no_channel;
}

bool model::closed(int c) const {
    const int channel = channel_of(c);
    if (channel >= own_channels) return contexts_[static_cast<std::size_t>(channel - own_channels)].err.there;
    return channel >= 0 && nodes_[static_cast<std::size_t>(channel)].err.there;
}

std::optional<std::int64_t> model::deadline_of(int c) const {
    const context& it = contexts_[static_cast<std::size_t>(c)];
    if (it.at) return it.at;
    if (it.kind == sort::nil_done || it.kind == sort::without_cancel || it.parent < 0) return std::nullopt;
    return deadline_of(it.parent);
}

std::string model::value_of(int c, const op& key) const {
    const std::string& type = *key.key_type;
    if (type == "nil" || type == "slice" || type == "newptr") return "null";
    const std::string wanted = identity(type, key.key.value_or(""));
    for (; c >= 0; c = contexts_[static_cast<std::size_t>(c)].parent) {
        const context& it = contexts_[static_cast<std::size_t>(c)];
        if (it.kind == sort::no_value) return "null";
        if (it.kind != sort::value || it.key_type == "newptr" || identity(it.key_type, it.key) != wanted)
            continue;
        if (it.val_type == "nil") return "null";
        return quoted(it.val_type + ":" +
                      (it.val_type == "int" ? std::to_string(std::stoll(it.val)) : it.val));
    }
    return "null";
}

std::string model::name_of(int c) const {
    const context& it = contexts_[static_cast<std::size_t>(c)];
    if (it.kind == sort::background) return "context.Background";
    if (it.kind == sort::todo) return "context.TODO";
    if (it.kind == sort::value) {
        return name_of(it.parent) + ".WithValue(" + stringified(it.key_type, it.key) + ", " +
               stringified(it.val_type, it.val) + ")";
    }
    if (it.kind == sort::without_cancel) return name_of(it.parent) + ".WithoutCancel";
    if (it.own >= 0) {
        const bool hidden = nodes_[static_cast<std::size_t>(it.own)].method_of >= 0;
        const std::string above = hidden ? "context.stopCtx" : name_of(it.parent);
        if (!it.at) return above + ".WithCancel";
        return above + ".WithDeadline(@" + in_ms(*it.at) + " [" + in_ms(*it.at - now_) + "])";
    }
    if (it.kind == sort::named) return "Named(" + it.name + ")";
    const bool pointer = has_own_done(it.kind) || it.kind == sort::fresh_done || it.kind == sort::embed_after;
    std::string type(custom_sorts[static_cast<std::size_t>(it.kind) - static_cast<std::size_t>(sort::embed)]);
    type[0] = static_cast<char>(type[0] - 'a' + 'A');
    return (pointer ? "*custom." : "custom.") + type;
}

int model::children_of(int n) const {
    int count = 0;
    for (const node& child : nodes_) count += child.linked_to == n && !child.err.there ? 1 : 0;
    return count;
}

int model::registered_with(int c) const {
    if (contexts_[static_cast<std::size_t>(c)].err.there) return 0;
    int count = 0;
    for (const node& n : nodes_) count += n.method_of == c && !n.err.there ? 1 : 0;
    return count;
}

int model::watchers() const {
    int count = 0;
    for (const node& n : nodes_) count += n.watching && !n.err.there ? 1 : 0;
    return count;
}

std::string model::same_done(const op& o) const {
    const int a = find(o.a), b = find(o.b);
    const int first = channel_of(a), second = channel_of(b);
    const bool nodes = first >= 0 && first < own_channels && second >= 0 && second < own_channels;
    // Contexts that were done early may share one closed channel.
    if (nodes && first != second && closed(a) && closed(b)) throw unspecified("channels of done contexts");
    return first == second && first != fresh_channel ? "true" : "false";
}

std::string model::ask(const op& o) {
    const auto text = [](const fault& f) { return f.there ? quoted(f.text) : "null"; };
    const auto matches = [](const fault& f) {
        const auto word = [](bool b) { return std::string(b ? "true" : "false"); };
        return "{\"canceled\":" + word(f.canceled) + ",\"deadline\":" + word(f.deadline) +
               ",\"timeout\":" + word(f.deadline) + "}";
    };
    if (o.name == "now") return std::to_string(now_);
    if (o.name == "watchers") return std::to_string(watchers());
    if (o.name == "sameDone") return same_done(o);
    const int c = find(o.id);
    const context& it = contexts_[static_cast<std::size_t>(c)];
    if (o.name == "err") return text(err_of(c));
    if (o.name == "cause") return text(cause_of(c));
    if (o.name == "errIs") return matches(err_of(c));
    if (o.name == "causeIs") return matches(cause_of(c));
    if (o.name == "done") {
        if (channel_of(c) == no_channel) return "\"nil\"";
        return closed(c) ? "\"closed\"" : "\"open\"";
    }
    if (o.name == "deadline") return deadline_of(c) ? std::to_string(*deadline_of(c)) : "null";
    if (o.name == "value") return value_of(c, o);
    if (o.name == "string") return quoted(name_of(c));
    if (o.name == "children") return it.own < 0 ? "null" : std::to_string(children_of(it.own));
    if (o.name == "registered" && (it.kind == sort::after_funcer || it.kind == sort::embed_after))
        return std::to_string(registered_with(c));
    throw invalid(o.name + " " + it.id);
}

} // namespace scripts
