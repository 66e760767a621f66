#!/bin/sh
# The configure step of front.nginx: writes the file that the parameter `configfile` names. `listen` and `upstream` are
# HOST:PORT, with the addresses that the assemblies have now.
set -eu
directory=$(dirname "$configfile")
cat >"$configfile.new" <<END
pid $directory/nginx.pid;
error_log $directory/error.log;
worker_processes 1;
events {}
http {
  access_log $directory/access.log;
  client_body_temp_path $directory/tmp;
  proxy_temp_path $directory/tmp;
  fastcgi_temp_path $directory/tmp;
  uwsgi_temp_path $directory/tmp;
  scgi_temp_path $directory/tmp;
  server {
    listen $listen;
    location / {
      proxy_pass http://$upstream;
      proxy_connect_timeout 1s;
      proxy_buffering off; # workers need no file, so their user needs no access to this directory
    }
  }
}
END
mv "$configfile.new" "$configfile"
