#!/bin/sh
# Takes the words that Kafka's own takes, and fails first, as while no broker answers.
# https://kafka.apache.org/39/documentation.html#basic_ops_add_topic
touch /made
case "$*" in
    '--bootstrap-server localhost:19092 --list')
        if [ ! -e /asked ]; then
            touch /asked
            echo 'Error while executing topic command : Timed out waiting for a node assignment. Call: listTopics'
            exit 1
        fi
        cat /made
        ;;
    '--bootstrap-server localhost:19092 --create --if-not-exists --topic '*)
        [ "$#" = 6 ] || exit 2
        grep -qxF -e "$6" /made || echo "$6" >>/made
        ;;
    *) exit 2 ;;
esac
