#!/usr/bin/env bash
# Builds the lab's base image from Debian packages (never from this machine's own root: that would show Pods its secrets):
#   .build/images/base-rootfs   its root, unpacked     .build/images/base   the same as an OCI image layout
#   .build/images/node-etc      the /etc that a lab node starts from (names, protocols, loader cache; no secret)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/.build
images=$build/images
debs=$build/cache/debs
new=$images/base-rootfs.new

packages=(bash dash coreutils grep sed mawk findutils procps hostname tar gzip iproute2 util-linux ncurses-base
  libc6 libc-bin libtinfo6 libncursesw6 libproc2-0 libselinux1 libpcre2-8-0 libacl1 libattr1 libgmp10 libssl3
  libbpf1 libelf1 libmnl0 libbsd0 libmd0 libcap2 libxtables12 libtirpc3 libdb5.3 zlib1g
  libsystemd0 liblzma5 liblz4-1 libzstd1 libgcrypt20 libgpg-error0 libsmartcols1 libmount1 libblkid1 libuuid1 libcap-ng0
  libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1 libcrypt1)

fetch() {
  mkdir -p "$debs"
  local wanted=() package
  for package in "${packages[@]}"; do
    compgen -G "$debs/${package}_*.deb" >/dev/null || wanted+=("$package")
  done
  [ ${#wanted[@]} = 0 ] && return
  (cd "$debs" && { apt-get download -o APT::Sandbox::User=root "${wanted[@]}" ||
    { apt-get update && apt-get download -o APT::Sandbox::User=root "${wanted[@]}"; }; })
}

unpack() {
  rm -rf "$new"
  mkdir -p "$new"/usr/{bin,sbin,lib,lib64,share/trunkline,local/bin} "$new"/{etc,proc,sys,dev,run,tmp,root,home,var/tmp,var/log,opt,srv,mnt}
  local directory deb package
  for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$new/$directory"; done
  for package in "${packages[@]}"; do
    deb=$(compgen -G "$debs/${package}_*.deb" | head -1)
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$new"
  done
  chmod 1777 "$new/tmp" "$new/var/tmp"
  chmod 0700 "$new/root"
  ln -sf dash "$new/usr/bin/sh"
  ln -sf mawk "$new/usr/bin/awk"
  ln -s ../run "$new/var/run"
  rm -rf "$new"/usr/share/{doc,man,info,locale,lintian,bash-completion,doc-base,menu} "$new"/usr/lib/systemd "$new"/etc/{cron*,init.d,pam.d} \
    "$new"/usr/share/initramfs-tools "$new"/usr/lib/*/gconv
  # No program of ours needs more rights than its caller has.
  find "$new" -xdev -perm /6000 -type f -exec chmod a-s {} +
}

write_etc() {
  printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' > "$new/etc/passwd"
  printf 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n' > "$new/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n' > "$new/etc/nsswitch.conf"
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' > "$new/etc/hosts"
  printf 'ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\nsctp 132 SCTP\n' > "$new/etc/protocols"
  : > "$new/etc/resolv.conf"
  cat > "$new/etc/os-release" <<'OS'
NAME="Trunkline lab base image"
PRETTY_NAME="Trunkline lab base image (Debian 12 packages, nc of Trunkline)"
ID=trunkline-lab
ID_LIKE=debian
VERSION_ID="1"
OS
}

install_ours() {
  install -m 0755 "$build/bin/nc" "$new/usr/bin/nc"
  ln -sf nc "$new/usr/bin/ncat"
  local name deb
  for name in dnf microdnf yum; do install -m 0755 "$root/eng/image/dnf" "$new/usr/bin/$name"; done
  {
    # Names as Red Hat's distributions have them, for that is what manifests ask for.
    for name in nc nmap-ncat ncat netcat; do echo "$name 0.1.0-1.trunkline"; done
    while read -r name deb; do
      echo "$name $(dpkg-deb -f "$(compgen -G "$debs/${deb}_*.deb" | head -1)" Version)"
    done <<'NAMES'
bash bash
coreutils coreutils
grep grep
sed sed
gawk mawk
findutils findutils
procps-ng procps
procps procps
hostname hostname
tar tar
gzip gzip
iproute iproute2
iproute2 iproute2
util-linux util-linux
glibc libc6
NAMES
  } > "$new/usr/share/trunkline/packages"
}

# A root whose programs do not start is found here, not in a Pod.
check() {
  local program
  # ps wants /proc; it is bound for the length of this check.
  mount --bind /proc "$new/proc"
  trap 'umount "$new/proc"' EXIT
  for program in 'bash -c true' 'sh -c true' 'ls /' 'grep -V' 'sed --version' 'awk BEGIN{}' 'ps --version' 'sleep 0' 'tar --version' 'ip -V' 'ss -V' \
    'unshare --version' 'find /etc' 'id' 'dnf install -y nc nmap-ncat iproute procps-ng'; do
    chroot "$new" $program >/dev/null || { echo "in the base image, \`$program\` fails" >&2; exit 1; }
  done
  umount "$new/proc"
  trap - EXIT
  ! chroot "$new" dnf install -y no-such-package >/dev/null 2>&1 || { echo "the base image's dnf installs anything" >&2; exit 1; }
}

node_etc() {
  local etc=$images/node-etc.new name
  rm -rf "$etc" && mkdir -p "$etc"
  cp -a "$new"/etc/{passwd,group,nsswitch.conf,protocols} "$etc/"
  # tcpdump gives its rights up to a user of this name, and does not run where there is none.
  printf 'tcpdump:x:105:105::/nonexistent:/usr/sbin/nologin\n' >> "$etc/passwd"
  printf 'tcpdump:x:105:\n' >> "$etc/group"
  for name in ld.so.cache ld.so.conf ld.so.conf.d alternatives services iproute2 ethertypes localtime terminfo; do
    [ ! -e "/etc/$name" ] || cp -a "/etc/$name" "$etc/"
  done
  mkdir -p "$etc"/{modprobe.d,modules-load.d,ssl/certs,trunkline,kubernetes,nftables}
  [ ! -f /etc/ssl/openssl.cnf ] || cp /etc/ssl/openssl.cnf "$etc/ssl/"
  : > "$etc/resolv.conf"
  sed -e 's/base image/node/g' -e 's/^ID=.*/ID=trunkline-node/' "$new/etc/os-release" > "$etc/os-release"
  rm -rf "$images/node-etc" && mv "$etc" "$images/node-etc"
}

layout() {
  local oci=$images/base.new tar diff layer config manifest arch created=1970-01-01T00:00:00Z
  case $(uname -m) in x86_64) arch=amd64 ;; *) arch=arm64 ;; esac
  rm -rf "$oci" && mkdir -p "$oci/blobs/sha256"
  tar=$oci/layer.tar
  tar -c --sort=name --mtime=@0 --numeric-owner --owner=0 --group=0 -C "$new" -f "$tar" .
  diff=$(sha256sum "$tar" | cut -d' ' -f1)
  gzip -n -6 "$tar"
  layer=$(blob "$oci" "$tar.gz" application/vnd.oci.image.layer.v1.tar+gzip)
  printf '{"created":"%s","architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/bin/bash"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"%s","created_by":"eng/base-image.sh"}]}' \
    "$created" "$arch" "$diff" "$created" > "$oci/config.json"
  config=$(blob "$oci" "$oci/config.json" application/vnd.oci.image.config.v1+json)
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' "$config" "$layer" > "$oci/manifest.json"
  manifest=$(blob "$oci" "$oci/manifest.json" application/vnd.oci.image.manifest.v1+json)
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' \
    "${manifest%\}},\"annotations\":{\"org.opencontainers.image.ref.name\":\"trunkline.lab/base:latest\"}}" > "$oci/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' > "$oci/oci-layout"
  rm -rf "$images/base" && mv "$oci" "$images/base"
}

# Moves a file among the blobs; prints its descriptor.
blob() {
  local digest size
  digest=$(sha256sum "$2" | cut -d' ' -f1)
  size=$(stat -c %s "$2")
  mv "$2" "$1/blobs/sha256/$digest"
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$3" "$digest" "$size"
}

mkdir -p "$images"
fetch
unpack
write_etc
install_ours
check
node_etc
layout
# The old root is moved, not removed, while Pods may stand on it: a lab that runs keeps it by its mounts.
rm -rf "$images/base-rootfs.old"
[ ! -d "$images/base-rootfs" ] || mv "$images/base-rootfs" "$images/base-rootfs.old"
mv "$new" "$images/base-rootfs"
rm -rf "$images/base-rootfs.old"
