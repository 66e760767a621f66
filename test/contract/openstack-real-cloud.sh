#!/bin/bash
# A real OpenStack of Debian's packages (Keystone, Placement, Glance, Neutron, Nova with its fake hypervisor) in a root and a
# network namespace of its own, to hold the driver and the cloud of the tests to what Nova really does:
#
#     openstack-real-cloud.sh ROOT COMMAND...
#
# makes ROOT with mmdebstrap if it is not there (2 GB, 5 minutes or more), starts a fresh cloud in it, runs COMMAND where that cloud can
# be reached, with OS_CLOUD and clouds.yaml for it, and ends everything. Needs root. For people: it is too long for CI.
set -eu
root=$(realpath -m "$1"); shift
space=cpe-openstack-$$
log=$root/log; conf=$root/etc/cpe; url=http://127.0.0.1

packages=keystone,nova-api,nova-conductor,nova-scheduler,placement-api,neutron-server,glance-api,rabbitmq-server
packages+=,python3-pymysql,mariadb-server,uwsgi-core,uwsgi-plugin-python3,iproute2,python3-openstackclient
[ -e "$root/usr/bin/nova-api" ] ||
  mmdebstrap --variant=apt --aptopt='Apt::Install-Recommends "false"' --include=$packages bookworm "$root"

inside() { ip netns exec $space chroot "$root" "$@"; }
service() { # NAME COMMAND...: goes on until the end of this script
  local name=$1; shift
  setsid ip netns exec $space chroot "$root" "$@" >"$log/$name.log" 2>&1 </dev/null &
}
end() {
  local pid
  for pid in $(ip netns pids $space); do kill -9 "$pid" 2>/dev/null || true; done
  sleep 1
  umount "$root/proc" "$root/dev" 2>/dev/null || true
  ip netns delete $space
}
ip netns add $space
trap end EXIT
ip -n $space link set lo up
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"

# A fresh cloud each time.
rm -rf "$log" "$conf" "$root"/var/lib/mysql/* "$root"/var/lib/rabbitmq/mnesia "$root/var/lib/glance/images"
mkdir -p "$log" "$conf/fernet" "$conf/credential" "$root/var/lib/glance/images" "$root/run/mysqld" "$root/run/rabbitmq"

access="auth_url = $url:5000/v3
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = admin
username = admin
password = admin
region_name = RegionOne"
database() { echo "connection = mysql+pymysql://os:os@127.0.0.1/$1"; }
token() { printf '[keystone_authtoken]\nwww_authenticate_uri = %s:5000/v3\n%s\n' "$url" "$access"; }
rabbit="transport_url = rabbit://guest:guest@127.0.0.1:5672/"

cat >"$conf/keystone.conf" <<END
[database]
$(database keystone)
[fernet_tokens]
key_repository = /etc/cpe/fernet
[credential]
key_repository = /etc/cpe/credential
END
cat >"$conf/placement.conf" <<END
[placement_database]
$(database placement)
[api]
auth_strategy = keystone
$(token)
END
cat >"$conf/glance.conf" <<END
[DEFAULT]
bind_host = 127.0.0.1
workers = 1
enabled_backends = file:file
[database]
$(database glance)
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = /var/lib/glance/images
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
$(token)
END
cat >"$conf/neutron.conf" <<END
[DEFAULT]
bind_host = 127.0.0.1
core_plugin = ml2
service_plugins =
api_workers = 1
rpc_workers = 1
api_paste_config = /etc/neutron/api-paste.ini
$rabbit
[database]
$(database neutron)
[oslo_concurrency]
lock_path = /tmp
[nova]
$access
[ml2]
type_drivers = local
tenant_network_types = local
mechanism_drivers = test
extension_drivers = port_security
$(token)
END
# Neutron's test driver binds ports on hosts of this name; it also checks things that only its own tests provide.
cat >"$conf/nova.conf" <<END
[DEFAULT]
host = host-bridge-filter
enabled_apis = osapi_compute
osapi_compute_listen = 127.0.0.1
osapi_compute_workers = 1
compute_driver = fake.FakeDriver
report_interval = 2
service_down_time = 7
sync_power_state_interval = 10
state_path = /var/lib/nova
my_ip = 127.0.0.1
$rabbit
[api]
auth_strategy = keystone
[api_database]
$(database nova_api)
[database]
$(database nova)
[oslo_concurrency]
lock_path = /tmp
[conductor]
workers = 1
[scheduler]
workers = 1
discover_hosts_in_cells_interval = 5
[wsgi]
api_paste_config = /etc/nova/api-paste.ini
$(for section in placement neutron glance cinder; do printf '[%s]\n%s\n' $section "$access"; done)
$(token)
END
drivers=usr/lib/python3/dist-packages/neutron/tests/unit/plugins/ml2/drivers/mechanism_test.py
grep -q 'return  # not here' "$root/$drivers" ||
  sed -i 's/def _check_port_context(.*):/&\n        return  # not here/' "$root/$drivers"

until_it() { local i; for i in $(seq 120); do "$@" >/dev/null 2>&1 && return; sleep 1; done; echo "not in time: $*" >&2; exit 1; }
answers() { ip netns exec $space bash -c "exec 3<>/dev/tcp/127.0.0.1/$1"; }

echo 'database and queue ...'
inside chown mysql /run/mysqld /var/lib/mysql
inside mariadb-install-db --user=mysql --datadir=/var/lib/mysql >"$log/install.log" 2>&1
service mariadb mariadbd --user=mysql --bind-address=127.0.0.1 --skip-name-resolve --innodb-flush-log-at-trx-commit=0
inside chown -R rabbitmq /var/lib/rabbitmq /run/rabbitmq
service rabbit setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups env HOME=/var/lib/rabbitmq \
  RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_LOG_BASE=/tmp /usr/lib/rabbitmq/bin/rabbitmq-server
until_it inside mariadb -uroot -e 'select 1'
for name in keystone placement glance neutron nova nova_api nova_cell0; do
  inside mariadb -uroot -e "create database $name character set utf8; grant all on $name.* to 'os'@'127.0.0.1' identified by 'os'"
done

echo 'tables ...'
keystone() { inside keystone-manage --config-file /etc/cpe/keystone.conf "$@"; }
nova() { inside nova-manage --config-file /etc/cpe/nova.conf "$@"; }
{
  keystone db_sync
  keystone fernet_setup --keystone-user root --keystone-group root
  keystone credential_setup --keystone-user root --keystone-group root
  keystone bootstrap --bootstrap-password admin --bootstrap-region-id RegionOne \
    --bootstrap-public-url $url:5000/v3 --bootstrap-internal-url $url:5000/v3
  inside placement-manage --config-file /etc/cpe/placement.conf db sync
  inside glance-manage --config-file /etc/cpe/glance.conf db_sync
  inside neutron-db-manage --config-file /etc/cpe/neutron.conf upgrade head
  nova api_db sync
  nova cell_v2 map_cell0 --database_connection mysql+pymysql://os:os@127.0.0.1/nova_cell0
  nova db sync
  nova cell_v2 create_cell --name cell1
} >"$log/tables.log" 2>&1

echo 'services ...'
# With kept connections uwsgi resets some of them.
web() { service "$1" env "$3=/etc/cpe" uwsgi --plugins python3,http --need-app --master --processes 2 --threads 4 \
  --buffer-size 65535 --add-header Connection:close --http-socket "127.0.0.1:$2" --wsgi-file "$4"; }
web keystone 5000 OS_KEYSTONE_CONFIG_DIR /usr/bin/keystone-wsgi-public
web placement 8778 OS_PLACEMENT_CONFIG_DIR /usr/bin/placement-api
until_it answers 5000
echo debian-12 >"$root/tmp/image"
admin() { inside env OS_AUTH_URL=$url:5000/v3 OS_USERNAME=admin OS_PASSWORD=admin OS_PROJECT_NAME=admin OS_REGION_NAME=RegionOne \
  OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_IDENTITY_API_VERSION=3 openstack "$@"; }
{
  for at in placement=$url:8778 compute=$url:8774/v2.1 network=$url:9696 image=$url:9292; do
    echo "service create --name ${at%%=*} ${at%%=*}"
    for side in public internal; do echo "endpoint create --region RegionOne ${at%%=*} $side ${at#*=}"; done
  done
  echo 'project create shop'
  echo 'user create --project shop --password demo demo'
  echo 'role add --user demo --project shop member'
  echo 'role add --user demo --project shop reader'
} | admin >"$log/seed.log" 2>&1
service glance glance-api --config-file /etc/cpe/glance.conf
service neutron neutron-server --config-file /etc/cpe/neutron.conf
for part in api conductor scheduler; do service nova-$part nova-$part --config-file /etc/cpe/nova.conf; done
service nova-compute python3 -c 'import sys; sys.argv = ["nova-compute", "--config-file", "/etc/cpe/nova.conf"]
from nova.cmd.compute import main; main()'
for port in 8774 9292 9696; do until_it answers $port; done
{
  echo 'image create --public --disk-format raw --container-format bare --file /tmp/image debian-12'
  echo 'flavor create --vcpus 1 --ram 512 --disk 1 m1.tiny'
  echo 'flavor create --vcpus 1 --ram 2048 --disk 20 m1.small'
  echo 'network create --share private'
  echo 'subnet create --network private --subnet-range 10.9.0.0/24 private'
} | admin >>"$log/seed.log" 2>&1
until_it grep -q 'Discovered 1 new hosts\|Host mapping .*created' "$log/nova-scheduler.log" || true

cat >"$conf/clouds.yaml" <<END
clouds:
  real:
    auth: { auth_url: "$url:5000", username: demo, password: demo, user_domain_name: Default, project_name: shop,
            project_domain_name: Default }
    region_name: RegionOne
END
echo "the cloud is there; its logs are in $log"
OS_CLOUD=real OS_CLIENT_CONFIG_FILE=$conf/clouds.yaml ip netns exec $space "$@"
