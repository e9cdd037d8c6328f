#!/usr/bin/env bash
# Runs inside the booted container as root and proves, one line each, what the units promise.
set -uo pipefail
exec >/opt/tests/report.txt 2>&1
U=http://127.0.0.1:7878
conf=/etc/tearsheet/feeds.toml
drop=/etc/systemd/system/tearsheet.service.d

proved() { echo "ok: $1"; }
fault() { echo "FAULT: $1: $2"; }
# prove NAME COMMAND…: the command succeeds.
prove() { local name=$1 said; shift; if said=$("$@" 2>&1); then proved "$name"; else fault "$name" "$* → $said"; fi; }
# soon COMMAND…: it succeeds within ten seconds.
soon() { local i; for i in $(seq 100); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; "$@"; }
show() { systemctl show -P "$1" tearsheet.service; }
is() { [ "$(show "$1")" = "$2" ] || { echo "$1 is $(show "$1")"; return 1; }; }
code() { curl -s -m 20 -o /dev/null -w '%{http_code}' "$U$1"; }
answers() { local got; got=$(code "$1"); [ "$got" = "$2" ] || { echo "$1 answered $got"; return 1; }; }
holds() { curl -sf -m 20 "$U$1" | grep -qF -- "$2"; }
logged() { journalctl -u tearsheet.service -o cat | grep -qF -- "$1"; }

ip link set lo up

# A package installed before the machine booted: its daemon runs on the example, and no site is visited.
packaged() { dpkg-query -W tearsheet >/dev/null 2>&1; }
if packaged; then
  prove "the package starts the daemon" soon answers /readyz 200
  prove "its socket is systemd's" systemctl is-active tearsheet.socket
  prove "the example has no fault" tearsheet --config $conf check
  prove "manual pages" sh -c 'zcat /usr/share/man/man1/tearsheet.1.gz | grep -q "^tearsheet" && zcat /usr/share/man/man1/tearsheet-serve.1.gz | grep -q listen'
  prove "completions" bash -c '. /usr/share/bash-completion/completions/tearsheet && test -s /usr/share/zsh/vendor-completions/_tearsheet && test -s /usr/share/fish/vendor_completions.d/tearsheet.fish'
  systemctl stop tearsheet.socket tearsheet.service
fi

systemctl start site.socket
mkdir -p /etc/tearsheet
( umask 077; echo 'open-sesame' >/etc/tearsheet/portal-token )
source_of() {
  printf '[[source]]\nid = "%s"\nurl = "http://127.0.0.1:8088/%s/"\nitem = "li"\nheaders = { x-token = { credential = "portal-token" } }\n' "$1" "$1"
}
{
  printf '[server]\nbase_url = "%s"\n\n[defaults]\nallow_private = ["127.0.0.0/8"]\nhost_gap = "0s"\ntimezone = "Asia/Shanghai"\n\n' "$U"
  source_of one
} >$conf

units=$(dirname "$(systemctl show -P FragmentPath tearsheet.service)")
said=$(systemd-analyze verify "$units/tearsheet.service" "$units/tearsheet.socket" 2>&1)
if [ -z "$said" ]; then proved verify; else fault verify "$said"; fi

# A missing secret is a fault of the configuration: told once, not tried again and again.
systemctl start tearsheet.service
prove "a fault in feeds.toml is not retried" soon is ExecMainStatus 78
prove "the fault is told with its place" logged "$conf:"
prove "the fault names the credential" logged portal-token
systemctl reset-failed tearsheet.service

mkdir -p $drop
printf '[Service]\nLoadCredential=portal-token:/etc/tearsheet/portal-token\n' >$drop/secret.conf
systemctl daemon-reload

# Socket activation: nothing runs until somebody asks, and that request is answered.
systemctl start tearsheet.socket
prove "nothing runs before the first request" is ActiveState inactive
prove "socket activation" answers /healthz 200
prove "the first request started it" is ActiveState active
prove "the daemon took the socket" soon logged "server.address=127.0.0.1:7878"

# Type=notify: start returns when feeds can be served.
systemctl stop tearsheet.service
systemctl start tearsheet.service
prove "ready when start returns" answers /readyz 200
prove "Type=notify" is Type notify
prove "a visit fills the feed" soon holds /feeds/one.rss 迎峰度冬
prove "LoadCredential" grep -qi '^x-token: open-sesame$' /run/asked
if journalctl -o cat -u tearsheet.service | grep -q open-sesame; then fault "secrets stay out of the journal" "found"; else proved "secrets stay out of the journal"; fi

# DynamicUser and StateDirectory.
pid=$(show MainPID)
owner=$(stat -c %u /proc/"$pid")
[ "$owner" -ge 61184 ] && [ "$owner" -le 65519 ] && proved DynamicUser || fault DynamicUser "its user is $owner"
prove StateDirectory test "$(stat -c '%u %a' /var/lib/private/tearsheet)" = "$owner 700"
prove "state is used" test -n "$(ls /var/lib/private/tearsheet)"

# Reload.
cp $conf /tmp/good.toml
{ cat /tmp/good.toml; source_of two; } >$conf
prove "reload of a good file" systemctl reload tearsheet.service
prove "the new source is served" soon holds /feeds/two.rss 迎峰度冬
{ cat /tmp/good.toml; echo 'wrong = ['; } >$conf
systemctl reload tearsheet.service
prove "a bad file is told" soon logged "was not taken"
prove "the journal says where it is bad" logged "$conf:$(wc -l <$conf):"
status_says() { show StatusText | grep -q 'was not taken'; }
prove "systemctl status tells it" soon status_says
prove "reload of a bad file changes nothing" answers /feeds/two.rss 200
prove "still the same process" is MainPID "$pid"
{ cat /tmp/good.toml; source_of two; } >$conf
systemctl reload tearsheet.service

# kill -9: connections wait at the socket, none is refused.
before=$(curl -sf "$U/feeds/one.rss" | md5sum)
: >/run/codes
( for i in $(seq 80); do curl -s -m 20 -o /dev/null "$U/feeds/one.rss"; echo $? >>/run/codes; sleep 0.05; done ) &
asker=$!
sleep 0.5
systemctl kill -s KILL --kill-who=main tearsheet.service
wait $asker
restarted() { [ "$(show NRestarts)" -ge "$1" ] && is ActiveState active; }
new_process() { [ "$(show MainPID)" != "$pid" ] && is ActiveState active; }
prove "kill -9 is followed by a start" soon new_process
# 7: refused. 52 and 56: the one that was being answered when the process died.
if grep -qx 7 /run/codes; then fault "kill -9 refuses no connection" "$(sort /run/codes | uniq -c | tr '\n' ' ')"; else proved "kill -9 refuses no connection"; fi
torn=$(grep -vcx 0 /run/codes)
[ "$torn" -le 1 ] && proved "kill -9 tears at most the answer under way" || fault "kill -9 tears at most the answer under way" "$(sort /run/codes | uniq -c | tr '\n' ' ')"
[ "$(curl -sf "$U/feeds/one.rss" | md5sum)" = "$before" ] && proved "feeds are byte-identical after kill -9" || fault "feeds are byte-identical after kill -9" "they differ"

# The sandbox, as the kernel sees the process.
pid=$(show MainPID)
has() { grep -Eq "^$1:[[:space:]]+$2$" /proc/"$pid"/status || { grep "^$1" /proc/"$pid"/status; return 1; }; }
prove "no new privileges" has NoNewPrivs 1
prove "system calls are filtered" has Seccomp 2
prove "no capability" has CapEff 0000000000000000
prove "no capability can come" has CapBnd 0000000000000000
prove "the system is read-only" awk '$5 == "/" && $6 ~ /(^|,)ro(,|$)/ {found = 1} END {exit !found}' /proc/"$pid"/mountinfo
if [ -e /proc/"$pid"/root/usr/bin/tearsheet ]; then
  if nsenter -t "$pid" -m /bin/true 2>/dev/null; then fault "nothing else is executed" "/bin/true ran"; else proved "nothing else is executed"; fi
  if nsenter -t "$pid" -m /usr/bin/tearsheet --version >/dev/null 2>&1; then proved "the daemon itself is executed"; else fault "the daemon itself is executed" "it does not run in its own mounts"; fi
fi
prove "homes are not seen" test -z "$(ls /proc/"$pid"/root/root 2>/dev/null)"

# The watchdog: a daemon that stands still is replaced, and who asked meanwhile is answered.
printf '[Service]\nWatchdogSec=3\nTimeoutAbortSec=2\n' >$drop/watchdog.conf
systemctl daemon-reload
systemctl restart tearsheet.service
prove "it lives longer than its watchdog" sh -c 'sleep 5; systemctl is-active tearsheet.service'
[ "$(show NRestarts)" = 0 ] && proved "a living daemon is left alone" || fault "a living daemon is left alone" "it was restarted"
pid=$(show MainPID)
kill -STOP "$pid"
answered=$(curl -s -m 30 -o /dev/null -w '%{http_code}' --retry 3 --retry-all-errors "$U/readyz")
[ "$answered" = 200 ] && proved "who asks during a stall is answered" || fault "who asks during a stall is answered" "$answered"
prove "watchdog restart" soon restarted 1

# A stop is clean, and what was stored is there for the next user that systemd makes.
systemctl stop tearsheet.service
prove "a stop is clean" is Result success
systemctl start tearsheet.service
same_feed() { [ "$(curl -sf "$U/feeds/one.rss" | md5sum)" = "$before" ] || { echo "the feed differs"; return 1; }; }
prove "state survives a stop" same_feed

# Removing the package ends the daemon and keeps what people wrote and what it stored; purging takes the configuration.
if packaged; then
  dpkg --remove tearsheet >/dev/null 2>&1
  prove "removal stops the daemon" sh -c '! systemctl is-active tearsheet.service tearsheet.socket'
  prove "removal keeps the configuration" test -s $conf
  prove "removal keeps the state" test -n "$(ls /var/lib/private/tearsheet)"
  dpkg --install /opt/tearsheet.deb >/dev/null 2>&1
  prove "installed again, the feeds are as before" same_feed
fi

echo "-- exposure"
rm -rf $drop
systemctl daemon-reload
systemd-analyze security --offline=true --no-pager "$units/tearsheet.service" 2>&1 | grep -E '✗|Overall' | sed -E 's/[[:space:]]+/ /g; s/^ //; s/ $//'
if [ "$(grep -c '^FAULT' /opt/tests/report.txt)" != 0 ]; then
  echo "-- journal"
  journalctl -u tearsheet.service -u tearsheet.socket -o cat --no-pager | tail -n 90
fi
