package main

// Added to package main by `go build -overlay`, so that a service shows its runtime profiles without exposing
// net/http/pprof. Every import has a name of its own: package main may declare `net` or `runtime` itself.

import (
	plateauBufio "bufio"
	plateauBytes "bytes"
	plateauFmt "fmt"
	plateauNet "net"
	plateauOS "os"
	plateauRuntime "runtime"
	plateauPprof "runtime/pprof"
	plateauTime "time"
)

func init() {
	directory := plateauOS.Getenv("PLATEAU_GO_AGENT")
	if directory == "" {
		return
	}
	if plateauOS.Getenv("PLATEAU_GO_RECORD") != "" {
		plateauRuntime.MemProfileRate = 1
	}
	// One socket a process: a child may run the same executable.
	path := plateauFmt.Sprintf("%s/go-%d.sock", directory, plateauOS.Getpid())
	listener, err := plateauNet.Listen("unix", path)
	if err != nil {
		plateauFmt.Fprintln(plateauOS.Stderr, "plateau:", err)
		return
	}
	go plateauServe(listener)
}

// One goroutine answers one connection after the other, so that their number never varies.
func plateauServe(listener plateauNet.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		plateauAnswer(connection)
		connection.Close()
	}
}

// Each line asks for a profile: `<collect first: 0 or 1> <debug level> <name>`. The answer is its size on a line, then its text;
// `-1` where this version of Go has no such profile.
func plateauAnswer(connection plateauNet.Conn) {
	lines := plateauBufio.NewScanner(connection)
	for lines.Scan() {
		var collect, debug int
		var name string
		plateauFmt.Sscan(lines.Text(), &collect, &debug, &name)
		profile := plateauPprof.Lookup(name)
		if profile == nil {
			plateauFmt.Fprintln(connection, -1)
			continue
		}
		if collect == 1 {
			plateauRuntime.GC()
			// Finalizers run after it, on a goroutine of their own.
			plateauTime.Sleep(plateauTime.Millisecond)
		}
		var text plateauBytes.Buffer
		profile.WriteTo(&text, debug)
		plateauFmt.Fprintln(connection, text.Len())
		connection.Write(text.Bytes())
	}
}
