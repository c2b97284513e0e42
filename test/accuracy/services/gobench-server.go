// Runs a kernel for each session, beside `var kernel` of another file: a function of a test. With `count <n>` it runs it so
// often and prints what goroutines are left.
package main

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"
)

const waitFor = 50 * time.Millisecond

func runKernel() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = recover() }()
		kernel(&testing.T{})
	}()
	select {
	case <-done:
	case <-time.After(waitFor):
	}
}

func count(runs int) {
	for run := 0; run < runs; run++ {
		runKernel()
	}
	time.Sleep(time.Second)
	stacks := make([]byte, 64<<20)
	fmt.Println(string(stacks[:runtime.Stack(stacks, true)]))
}

func main() {
	if len(os.Args) > 2 {
		runs, _ := strconv.Atoi(os.Args[2])
		count(runs)
		return
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			runKernel()
		}
		fmt.Fprint(w, "id")
	})
	fmt.Println("listening")
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
