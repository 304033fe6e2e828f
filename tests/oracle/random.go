// SPDX-License-Identifier: MIT

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
)

// randomScript grows a script whose outcome is unique: every deadline is a different multiple of 10 ms and the clock
// stands 5 ms past one; a callback cancels only a direct child of Background that no other callback cancels, and then
// no custom context with a Done of its own stands on another, as its cause would depend on who is first.
type randomScript struct {
	*rand.Rand
	out       *json.Encoder
	now       int64
	deadlines map[int64]bool
	contexts  []known
	stops     []string
	aims      map[string]bool // cancelled by a callback
	cancels   bool            // callbacks may cancel
}

type known struct {
	id, kind     string
	cancelable   bool
	takesCause   bool
	custom       bool
	registers    bool
	belowRoot    bool
	sharesDoneOf string
}

func writeRandom(out io.Writer, seed int64) {
	r := &randomScript{Rand: rand.New(rand.NewPCG(uint64(seed), 1)), out: json.NewEncoder(out), deadlines: map[int64]bool{},
		aims: map[string]bool{}}
	r.out.SetEscapeHTML(false)
	r.cancels = r.IntN(2) == 0
	r.write(op{Op: "script", Name: "random-" + strconv.FormatInt(seed, 10)})
	r.add(op{Op: "background"}, known{kind: "background"})
	if r.IntN(3) == 0 {
		r.add(op{Op: "todo"}, known{kind: "todo"})
	}
	r.advance(5)
	for range 20 + r.IntN(80) {
		r.step()
	}
	for _, c := range r.contexts {
		for _, question := range []string{"err", "cause", "causeIs", "deadline", "done", "string", "children"} {
			r.write(op{Op: question, ID: c.id})
		}
		if c.registers {
			r.write(op{Op: "registered", ID: c.id})
		}
	}
	r.write(op{Op: "watchers"})
}

func (r *randomScript) write(o op) {
	if err := r.out.Encode(o); err != nil {
		panic(err)
	}
}

// add makes a context with the next id.
func (r *randomScript) add(o op, k known) {
	o.ID = "c" + strconv.Itoa(len(r.contexts))
	k.id = o.ID
	r.contexts = append(r.contexts, k)
	r.write(o)
}

func (r *randomScript) advance(ms int64) {
	r.now += ms
	r.write(op{Op: "advance", Ms: ms})
}

// context picks one, more often a young one.
func (r *randomScript) context() known {
	n := len(r.contexts)
	return r.contexts[max(r.IntN(n), r.IntN(n))]
}

func (r *randomScript) choose(want func(known) bool) (known, bool) {
	for range 30 {
		if c := r.context(); want(c) {
			return c, true
		}
	}
	return known{}, false
}

func (r *randomScript) deadline() int64 {
	for {
		at := (r.now-5)/10*10 + int64(r.IntN(60)-8)*10
		if r.IntN(20) == 0 {
			at += 1_000_000
		}
		if !r.deadlines[at] {
			r.deadlines[at] = true
			return at
		}
	}
}

func (r *randomScript) reason() *errorDesc {
	text := "why" + strconv.Itoa(r.IntN(100))
	switch r.IntN(7) {
	case 0:
		return nil
	case 1:
		return &errorDesc{Is: "canceled"}
	case 2:
		return &errorDesc{Is: "deadline"}
	case 3:
		return &errorDesc{Wrap: "canceled", Text: text}
	case 4:
		return &errorDesc{Wrap: "deadline", Text: text}
	}
	return &errorDesc{Text: text}
}

func (r *randomScript) key(o op) op {
	o.KeyType = []string{"string", "A", "B", "int", "keyInt", "ptr", "newptr"}[r.IntN(7)]
	o.Key = "k" + strconv.Itoa(r.IntN(3))
	if o.KeyType == "int" || o.KeyType == "keyInt" {
		o.Key = strconv.Itoa(r.IntN(3))
	}
	return o
}

func (r *randomScript) step() {
	switch n := r.IntN(100); {
	case n < 45:
		r.derive()
	case n < 55:
		r.custom()
	case n < 63:
		r.cancel()
	case n < 66:
		r.cancelConcurrent()
	case n < 75:
		r.afterFunc()
	case n < 79 && len(r.stops) > 0:
		r.write(op{Op: "stop", ID: r.stops[r.IntN(len(r.stops))]})
	case n < 86:
		r.advance(int64(1+r.IntN(6)) * 10)
	default:
		r.ask()
	}
}

func (r *randomScript) derive() {
	parent := r.context()
	o := op{Parent: &parent.id}
	nodes := known{kind: "node", cancelable: true, belowRoot: parent.kind == "background" || parent.kind == "todo"}
	switch r.IntN(10) {
	case 0, 1, 2:
		o.Op = "withCancel"
	case 3, 4:
		o.Op = "withCancelCause"
		nodes.takesCause = true
	case 5:
		at := r.deadline()
		o.Op, o.At = "withDeadline", &at
		if r.IntN(2) == 0 {
			o.Op, o.Cause = "withDeadlineCause", r.reason()
		}
	case 6:
		o.Op, o.Ms = "withTimeout", r.deadline()-r.now
		if r.IntN(2) == 0 {
			o.Op, o.Cause = "withTimeoutCause", r.reason()
		}
	case 7, 8:
		o = r.key(o)
		o.Op = "withValue"
		o.ValType = []string{"", "string", "int", "stringer", "nil"}[r.IntN(5)]
		if o.ValType != "nil" {
			o.Val = strconv.Itoa(r.IntN(100))
		}
		r.add(o, known{kind: "value", sharesDoneOf: parent.id})
		return
	case 9:
		o.Op = "withoutCancel"
		r.add(o, known{kind: "withoutCancel"})
		return
	}
	r.add(o, nodes)
}

func (r *randomScript) custom() {
	parent := r.context()
	kinds := []string{"embed", "named", "nilDone", "noValue", "freshDone", "foreign", "ownDone", "forward", "afterFuncer", "embedAfter"}
	o := op{Op: "custom", Kind: kinds[r.IntN(len(kinds))], Parent: &parent.id}
	if r.cancels && (o.Kind == "ownDone" || o.Kind == "forward") {
		o.Kind = "embed"
	}
	k := known{kind: o.Kind, custom: true}
	switch o.Kind {
	case "embed", "noValue", "embedAfter":
		k.sharesDoneOf = parent.id
	case "named":
		o.Name = fmt.Sprintf("n%d", r.IntN(10))
		k.sharesDoneOf = parent.id
	case "foreign", "afterFuncer":
		o.Parent = nil
		if r.IntN(2) == 0 {
			at := r.deadline()
			o.At = &at
		}
	}
	k.cancelable = o.Kind == "foreign" || o.Kind == "afterFuncer" || o.Kind == "ownDone" || o.Kind == "forward"
	k.registers = o.Kind == "afterFuncer" || o.Kind == "embedAfter"
	r.add(o, k)
}

func (r *randomScript) cancel() {
	c, ok := r.choose(func(k known) bool { return k.cancelable })
	if !ok {
		return
	}
	o := op{Op: "cancel", ID: c.id}
	if c.takesCause {
		o.Cause = r.reason()
	}
	if c.custom {
		o.Err = r.reason()
	}
	r.write(o)
}

// cancelConcurrent takes nodes, or one custom context: with both, who is first would settle a cause.
func (r *randomScript) cancelConcurrent() {
	custom, count := false, 1+r.IntN(4)
	if r.IntN(4) == 0 {
		custom, count = true, 1
	}
	var ids []string
	for range count {
		if c, ok := r.choose(func(k known) bool { return k.cancelable && k.custom == custom }); ok {
			ids = append(ids, c.id)
		}
	}
	if ids != nil {
		r.write(op{Op: "cancelConcurrent", IDs: ids})
	}
}

func (r *randomScript) afterFunc() {
	o := op{Op: "afterFunc", ID: "f" + strconv.Itoa(len(r.stops)), Ctx: r.context().id}
	if r.cancels && r.IntN(2) == 0 {
		if c, ok := r.choose(func(k known) bool { return k.belowRoot && !r.aims[k.id] }); ok {
			o.Cancels = c.id
			r.aims[c.id] = true
		}
	}
	r.stops = append(r.stops, o.ID)
	r.write(o)
}

func (r *randomScript) ask() {
	c := r.context()
	switch r.IntN(6) {
	case 0:
		r.write(r.key(op{Op: "value", ID: c.id}))
	case 1:
		if c.sharesDoneOf != "" {
			r.write(op{Op: "sameDone", A: c.id, B: c.sharesDoneOf})
		}
	case 2:
		r.write(op{Op: "watchers"})
	case 3:
		r.write(op{Op: "errIs", ID: c.id})
	case 4:
		r.write(op{Op: "children", ID: c.id})
	default:
		r.write(op{Op: "now"})
	}
}
