// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"ctxlab/oracle/custom"
)

// origin is how a context shows its parent's state.
type origin int

const (
	root     origin = iota
	node            // withCancel, withDeadline, withTimeout
	view            // shows its parent's state and hands on the link to the node behind it
	screen          // shows its parent's state, but its children need a watcher
	detached        // shows nothing of its parent
	own             // a custom context with a Done of its own
)

type made struct {
	id       string
	from     origin
	parent   *made
	ctx      context.Context
	cancel   func(error)
	reported bool
}

type script struct {
	begin    time.Time
	all      []*made
	byID     map[string]*made
	stops    map[string]func() bool
	pointers map[string]*ptrKey

	mu  sync.Mutex
	ran []string
}

// runScript runs the ops of one script; the first may be its title.
func runScript(ops []op, out io.Writer) error {
	s := &script{begin: time.Now(), byID: map[string]*made{}, stops: map[string]func() bool{}, pointers: map[string]*ptrKey{}}
	defer s.release()
	if ops[0].Op == "script" {
		fmt.Fprintf(out, "{\"script\":%s}\n", quote(ops[0].Name))
		ops = ops[1:]
	}
	for i, o := range ops {
		result, err := s.do(o)
		if err != nil {
			return fmt.Errorf("op %d %s %s: %w", i, o.Op, o.ID, err)
		}
		synctest.Wait()
		fmt.Fprintf(out, "{\"i\":%d,\"op\":%s,\"r\":%s%s}\n", i, quote(o.Op), result, s.news())
	}
	return nil
}

// release ends what the script left.
func (s *script) release() {
	for _, stop := range s.stops {
		stop()
	}
	for _, m := range s.all {
		if m.cancel != nil {
			m.cancel(nil)
		}
	}
	synctest.Wait()
}

// news tells what is done and what ran since the last line.
func (s *script) news() string {
	var done []string
	for _, m := range s.all {
		if err := m.ctx.Err(); err != nil && !m.reported {
			m.reported = true
			done = append(done, fmt.Sprintf(`{"id":%s,"err":%s,"cause":%s}`, quote(m.id), shownError(err),
				shownError(context.Cause(m.ctx))))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.ran)
	text := ""
	if done != nil {
		text += `,"done":[` + strings.Join(done, ",") + "]"
	}
	if s.ran != nil {
		text += `,"ran":` + list(s.ran)
	}
	s.ran = nil
	return text
}

func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = quote(t)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// late gives the result of a cancel: what is still open of all that it must have reached.
func (s *script) late(cancelled ...*made) string {
	linked, shown := map[*made]bool{}, map[*made]bool{}
	for _, m := range cancelled {
		shown[m] = true
		linked[m] = m.from == node
	}
	var open []string
	for _, m := range s.all {
		if (m.from == node || m.from == view) && linked[m.parent] {
			linked[m], shown[m] = true, true
		}
		if (m.from == view || m.from == screen) && shown[m.parent] {
			shown[m] = true
		}
		if shown[m] && m.ctx.Err() == nil {
			open = append(open, m.id)
		}
	}
	if open == nil {
		return `"ok"`
	}
	return `{"late":` + list(open) + "}"
}

func (s *script) since(t time.Time) int64 { return t.Sub(s.begin).Milliseconds() }

var deadline = regexp.MustCompile(`WithDeadline\((\d[^\[\]]*) \[([^\[\]]*)\]\)`)

func (s *script) name(c context.Context) string {
	text := reflect.TypeOf(c).String()
	if named, ok := c.(fmt.Stringer); ok {
		text = named.String()
	}
	return deadline.ReplaceAllStringFunc(text, func(found string) string {
		parts := deadline.FindStringSubmatch(found)
		wall, _, _ := strings.Cut(parts[1], " m=")
		at, err := time.Parse("2006-01-02 15:04:05.999999999 -0700 MST", wall)
		left, err2 := time.ParseDuration(parts[2])
		if err != nil || err2 != nil {
			return found
		}
		return fmt.Sprintf("WithDeadline(@%dms [%dms])", s.since(at), left.Milliseconds())
	})
}

// children looks into the package: the size of the child set of a context that has one.
func children(c context.Context) string {
	v := reflect.ValueOf(c)
	if v.Kind() != reflect.Pointer || v.Elem().Type().PkgPath() != "context" {
		return "null"
	}
	v = v.Elem()
	switch v.Type().Name() {
	case "timerCtx":
		v = v.FieldByName("cancelCtx")
	case "cancelCtx":
	default:
		return "null"
	}
	return fmt.Sprint(v.FieldByName("children").Len())
}

// watchers counts the goroutines that wait for a foreign Done channel.
func watchers() int {
	stacks := make([]byte, 1<<16)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			return strings.Count(string(stacks[:n]), "created by context.(*cancelCtx).propagateCancel")
		}
		stacks = make([]byte, 2*len(stacks))
	}
}

func newCustom(o op, parent context.Context, at *time.Time) (context.Context, origin, error) {
	switch o.Kind {
	case "embed":
		return custom.Embed{Context: parent}, view, nil
	case "named":
		return custom.Named{Context: parent, Name: o.Name}, view, nil
	case "nilDone":
		return custom.NilDone{Context: parent}, detached, nil
	case "noValue":
		return custom.NoValue{Context: parent}, screen, nil
	case "freshDone":
		return &custom.FreshDone{Context: parent}, screen, nil
	case "foreign":
		return custom.NewForeign(at), own, nil
	case "ownDone":
		return custom.NewOwnDone(parent), own, nil
	case "forward":
		return custom.NewForward(parent), own, nil
	case "afterFuncer":
		return custom.NewAfterFuncer(at), own, nil
	case "embedAfter":
		return &custom.EmbedAfter{Context: parent}, view, nil
	}
	return nil, own, fmt.Errorf("unknown kind %q", o.Kind)
}
