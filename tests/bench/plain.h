// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>

/// Go's context as one would port it in an afternoon: a mutex and a set of children a context, shared
/// pointers. A peer to be measured against; it is right, but knows neither deadlines nor channels.
namespace plain {

class context {
  public:
    explicit context(std::shared_ptr<context> parent = {}) : parent_(std::move(parent)) {}
    virtual ~context() = default;

    bool err() const {
        const std::lock_guard lock(mutex_);
        return done_;
    }

    virtual const int* value(const void* key) const { return parent_ ? parent_->value(key) : nullptr; }

    void cancel() {
        std::unordered_set<std::shared_ptr<context>> children;
        {
            const std::lock_guard lock(mutex_);
            if (done_) return;
            done_ = true;
            children.swap(children_);
        }
        for (const auto& child : children) child->cancel();
    }

    /// Cancels, and leaves the parent.
    static void cancel_and_leave(const std::shared_ptr<context>& c) {
        c->cancel();
        if (!c->parent_) return;
        const std::lock_guard lock(c->parent_->mutex_);
        c->parent_->children_.erase(c);
    }

    static std::shared_ptr<context> with_cancel(const std::shared_ptr<context>& parent) {
        auto child = std::make_shared<context>(parent);
        if (!parent) return child;
        const std::lock_guard lock(parent->mutex_);
        if (parent->done_)
            child->done_ = true;
        else
            parent->children_.insert(child);
        return child;
    }

  private:
    const std::shared_ptr<context> parent_;
    mutable std::mutex mutex_;
    bool done_ = false;                                     // guarded by mutex_
    std::unordered_set<std::shared_ptr<context>> children_; // guarded by mutex_
};

class value_context final : public context {
  public:
    value_context(std::shared_ptr<context> parent, const void* key, int value)
        : context(std::move(parent)), key_(key), value_(value) {}

    const int* value(const void* key) const override { return key == key_ ? &value_ : context::value(key); }

  private:
    const void* key_;
    int value_;
};

} // namespace plain
