// Go's net/http and pgx: one statement for each request, whose JSON comes from PostgreSQL. A token's
// signature is checked once, as Corkboard does.
package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const uuidLength = 36

// What bench/peers/statements.py says of a request.
type request struct {
	Values  []string
	Scope   string
	Status  int
	Session string
	Token   string
}

type claims struct {
	Sub, Jti, Iss string
	Exp           float64
}

var (
	pool     *pgxpool.Pool
	requests map[string]request
	secret   = []byte(os.Getenv("JWT_SECRET"))
	verified sync.Map
)

// Return what a token says, or nil if it isn't valid.
func claimsOf(token string) *claims {
	found, known := verified.Load(token)
	if !known {
		parts := strings.Split(token, ".")
		if len(parts) != 3 {
			return nil
		}
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(parts[0] + "." + parts[1]))
		signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
		body, err := base64.RawURLEncoding.DecodeString(parts[1])
		said := &claims{}
		if err != nil || !hmac.Equal(signature, mac.Sum(nil)) || json.Unmarshal(body, said) != nil ||
			said.Iss != "corkboard" {
			return nil
		}
		verified.Store(token, said)
		found = said
	}
	said := found.(*claims)
	if said.Exp <= float64(time.Now().Unix()) {
		return nil
	}
	return said
}

// Return the statement for the kind of credentials, with the two parameters that say who asks.
func (found request) asking(r *http.Request) (string, []interface{}) {
	if given := r.Header.Get("Authorization"); given != "" {
		hash := sha256.Sum256([]byte(strings.TrimPrefix(given, "Bearer ")))
		return found.Token, []interface{}{hex.EncodeToString(hash[:]), found.Scope}
	}
	cookie := r.Header.Get("Cookie")
	said := claimsOf(cookie[strings.IndexByte(cookie, '=')+1:])
	if said == nil {
		return "", nil
	}
	return found.Session, []interface{}{said.Jti, said.Sub}
}

// Return the name of a request, and what its values are taken from.
func asked(r *http.Request) (string, map[string]interface{}, error) {
	given := map[string]interface{}{"new": newID()}
	segments := strings.Split(r.URL.Path, "/")
	for i, each := range segments {
		if len(each) == uuidLength {
			given["path"], segments[i] = each, "*"
		}
	}
	name := r.Method + " " + strings.Join(segments, "/")
	if query := r.URL.RawQuery; query != "" {
		name += "?" + query[:strings.IndexByte(query, '=')]
		values, err := url.ParseQuery(query)
		for key := range values {
			given[key] = values.Get(key)
		}
		return name, given, err
	}
	if r.Method == http.MethodGet {
		return name, given, nil
	}
	return name, given, json.NewDecoder(r.Body).Decode(&given)
}

// Return a value as the statements take it: as text, or null.
func text(value interface{}) interface{} {
	switch value.(type) {
	case nil, string:
		return value
	}
	said, _ := json.Marshal(value)
	return string(said)
}

func newID() string {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	now := time.Now().UnixNano() / int64(time.Millisecond)
	for i := 0; i < 6; i++ {
		id[i] = byte(now >> (8 * (5 - i)))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/health" {
		io.WriteString(w, "{}")
		return
	}
	name, given, err := asked(r)
	found, known := requests[name]
	if err != nil || !known {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	statement, parameters := found.asking(r)
	if parameters == nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	for _, each := range found.Values {
		parameters = append(parameters, text(given[each]))
	}
	var body []byte
	err = pool.QueryRow(r.Context(), statement, parameters...).Scan(&body)
	if err == nil && body != nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(found.Status)
		io.Copy(w, bytes.NewReader(body))
	} else if err == nil || errors.Is(err, pgx.ErrNoRows) {
		w.WriteHeader(http.StatusNotFound)
	} else {
		log.Print(err)
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func connect() error {
	address, err := url.Parse(os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	query := address.Query()
	query.Set("pool_max_conns", "10")
	query.Set("timezone", "UTC")
	address.RawQuery = query.Encode()
	pool, err = pgxpool.Connect(context.Background(), address.String())
	return err
}

func main() {
	if err := json.Unmarshal([]byte(os.Getenv("STATEMENTS")), &requests); err != nil {
		log.Fatal(err)
	}
	if err := connect(); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(answer)))
}
