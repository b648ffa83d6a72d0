<?php
// Stand-in for the page of the official adminer image, which offers one server first.
function adminer_object() {
    class Offering extends Adminer {
        function loginFormField($name, $heading, $value) {
            $server = htmlspecialchars(getenv('ADMINER_DEFAULT_SERVER') ?: 'db');
            $old = 'name="auth[server]" value=""';
            return parent::loginFormField($name, $heading, str_replace($old, "name=\"auth[server]\" value=\"$server\"", $value));
        }
    }
    return new Offering;
}
require '/usr/share/adminer/adminer.php';
