// SPDX-License-Identifier: MIT
#include "cli/oracle_customs.h"

#include "ctx/after_func.h"

#include <atomic>
#include <map>
#include <mutex>
#include <utility>

namespace cli {

namespace {

/// Forwards everything to its parent, as a Go struct that embeds a Context.
class embed : public oracle_custom {
  public:
    explicit embed(ctx::context parent) : parent_(std::move(parent)) {}
    std::optional<ctx::time_point> deadline() const override { return parent_.deadline(); }
    ctx::recv_chan<ctx::empty> done() const override { return parent_.done(); }
    ctx::error err() const override { return parent_.err(); }
    ctx::any_value value(const ctx::any_key& k) const override { return parent_.value(k); }
    std::string string() const override { return "custom.Embed"; }

  protected:
    const ctx::context parent_;
};

class named final : public embed {
  public:
    named(ctx::context parent, std::string name) : embed(std::move(parent)), name_(std::move(name)) {}
    std::string string() const override { return "Named(" + name_ + ")"; }

  private:
    const std::string name_;
};

class nil_done final : public embed {
  public:
    using embed::embed;
    std::optional<ctx::time_point> deadline() const override { return std::nullopt; }
    ctx::recv_chan<ctx::empty> done() const override { return {}; }
    ctx::error err() const override { return {}; }
    std::string string() const override { return "custom.NilDone"; }
};

class no_value final : public embed {
  public:
    using embed::embed;
    ctx::any_value value(const ctx::any_key&) const override { return {}; }
    std::string string() const override { return "custom.NoValue"; }
};

class fresh_done final : public embed {
  public:
    using embed::embed;
    ctx::recv_chan<ctx::empty> done() const override { return ctx::chan<ctx::empty>(0); }
    std::string string() const override { return "*custom.FreshDone"; }
};

/// A Done channel and an Err that belong together.
class own_signal {
  public:
    ctx::recv_chan<ctx::empty> done() const { return done_; }
    ctx::error err() const {
        const std::lock_guard lock(mutex_);
        return err_;
    }
    /// False if it was cancelled already.
    bool cancel(const ctx::error& err) {
        const std::lock_guard lock(mutex_);
        if (err_) return false;
        err_ = err;
        done_.close(); // under the lock: who finds an error finds the channel closed
        return true;
    }

  private:
    mutable std::mutex mutex_;
    const ctx::chan<ctx::empty> done_{0};
    ctx::error err_;
};

class foreign : public oracle_custom {
  public:
    explicit foreign(std::optional<ctx::time_point> at) : at_(at) {}
    std::optional<ctx::time_point> deadline() const override { return at_; }
    ctx::recv_chan<ctx::empty> done() const override { return own_.done(); }
    ctx::error err() const override { return own_.err(); }
    ctx::any_value value(const ctx::any_key&) const override { return {}; }
    std::string string() const override { return "*custom.Foreign"; }
    bool cancelable() const override { return true; }
    void cancel(const ctx::error& err) override { own_.cancel(err); }

  protected:
    own_signal own_;

  private:
    const std::optional<ctx::time_point> at_;
};

class own_done final : public embed {
  public:
    using embed::embed;
    ctx::recv_chan<ctx::empty> done() const override { return own_.done(); }
    ctx::error err() const override { return own_.err(); }
    std::string string() const override { return "*custom.OwnDone"; }
    bool cancelable() const override { return true; }
    void cancel(const ctx::error& err) override { own_.cancel(err); }

  private:
    own_signal own_;
};

class forward final : public embed {
  public:
    explicit forward(const ctx::context& parent)
        : embed(parent), own_(std::make_shared<own_signal>()),
          stop_(ctx::after_func(parent, [own = own_, parent] { own->cancel(parent.err()); })) {}
    ctx::recv_chan<ctx::empty> done() const override { return own_->done(); }
    ctx::error err() const override { return own_->err(); }
    std::string string() const override { return "*custom.Forward"; }
    bool cancelable() const override { return true; }
    void cancel(const ctx::error& err) override {
        own_->cancel(err);
        stop_();
    }

  private:
    const std::shared_ptr<own_signal> own_; // shared with the registration, which may outlive this
    const ctx::stop_func stop_;
};

class after_funcer final : public foreign, public ctx::custom_after_func {
  public:
    after_funcer(std::optional<ctx::time_point> at, ctx::scheduler& on) : foreign(at), on_(on) {}
    std::string string() const override { return "*custom.AfterFuncer"; }

    void cancel(const ctx::error& err) override {
        std::map<std::size_t, std::function<void()>> due;
        {
            const std::lock_guard lock(callbacks_->mutex);
            if (!own_.cancel(err)) return;
            due.swap(callbacks_->waiting);
        }
        for (auto& [number, f] : due) on_.call(std::move(f));
    }

    std::function<bool()> after_func(std::function<void()> f) override {
        const std::lock_guard lock(callbacks_->mutex);
        if (own_.err()) {
            on_.call(std::move(f));
            return [] { return false; };
        }
        const std::size_t number = callbacks_->next++;
        callbacks_->waiting.emplace(number, std::move(f));
        return [callbacks = callbacks_, number] {
            const std::lock_guard l(callbacks->mutex);
            return callbacks->waiting.erase(number) > 0;
        };
    }

    std::optional<std::size_t> registered() const override {
        const std::lock_guard lock(callbacks_->mutex);
        return callbacks_->waiting.size();
    }

  private:
    struct callbacks {
        std::mutex mutex;
        std::size_t next = 0;
        std::map<std::size_t, std::function<void()>> waiting;
    };
    ctx::scheduler& on_;
    const std::shared_ptr<callbacks> callbacks_ =
        std::make_shared<callbacks>(); // stop functions may outlive this
};

class embed_after final : public embed, public ctx::custom_after_func {
  public:
    using embed::embed;
    std::string string() const override { return "*custom.EmbedAfter"; }

    std::function<bool()> after_func(std::function<void()> f) override {
        ++*count_;
        auto stop = ctx::after_func(parent_, [count = count_, f = std::move(f)] {
            --*count;
            f();
        });
        return [count = count_, stop = std::move(stop)] {
            if (!stop()) return false;
            --*count;
            return true;
        };
    }

    std::optional<std::size_t> registered() const override { return *count_; }

  private:
    const std::shared_ptr<std::atomic<std::size_t>> count_ = std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace

std::shared_ptr<oracle_custom> make_custom(custom_kind k, custom_parts parts) {
    switch (k) {
    case custom_kind::embed:
        return std::make_shared<embed>(*std::move(parts.parent));
    case custom_kind::named:
        return std::make_shared<named>(*std::move(parts.parent), std::move(parts.name));
    case custom_kind::nil_done:
        return std::make_shared<nil_done>(*std::move(parts.parent));
    case custom_kind::no_value:
        return std::make_shared<no_value>(*std::move(parts.parent));
    case custom_kind::fresh_done:
        return std::make_shared<fresh_done>(*std::move(parts.parent));
    case custom_kind::foreign:
        return std::make_shared<foreign>(parts.at);
    case custom_kind::own_done:
        return std::make_shared<own_done>(*std::move(parts.parent));
    case custom_kind::forward:
        return std::make_shared<forward>(*parts.parent);
    case custom_kind::after_funcer:
        return std::make_shared<after_funcer>(parts.at, *parts.scheduler);
    case custom_kind::embed_after:
        return std::make_shared<embed_after>(*std::move(parts.parent));
    }
    return nullptr;
}

} // namespace cli
