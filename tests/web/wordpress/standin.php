<?php
// WordPress as far as the plugin sees it: hooks, options, transients, and HTTP that really goes out.
// usage: php standin.php PLUGIN ADDRESS NAME SECRET; a post as JSON on standard input; prints what came of it as JSON.
define('ABSPATH', __DIR__);
[, $plugin, $address, $name, $secret] = $argv;
$hooks = [];
$kept = ['loa_options' => compact('address', 'name', 'secret')];
#[AllowDynamicProperties]
class WP_Post { public function __construct(array $of) { foreach ($of as $name => $value) { $this->$name = $value; } } }
class WP_Error { public function __construct(private string $why) {} public function get_error_message() { return $this->why; } }
function add_filter($name, $act, $order = 10, $most = 1) { global $hooks; $hooks[$name][$order][] = [$act, $most]; }
function add_action($name, $act, $order = 10, $most = 1) { add_filter($name, $act, $order, $most); }
function remove_filter($name, $act, $order = 10) { global $hooks; $hooks[$name][$order] = array_values(array_filter($hooks[$name][$order] ?? [], fn ($each) => $each[0] !== $act)); }
function apply_filters($name, $value, ...$more) { global $hooks; ksort($hooks[$name]); foreach ($hooks[$name] as $acts) { foreach ($acts as [$act, $most]) { $value = $act(...array_slice([$value, ...$more], 0, $most)); } } return $value; }
function do_action($name, ...$more) { global $hooks; foreach ($hooks[$name] ?? [] as $acts) { foreach ($acts as [$act, $most]) { $act(...array_slice($more, 0, $most)); } } }
function get_option($name, $usual = false) { global $kept; return $kept[$name] ?? $usual; }
function update_option($name, $value, $auto = null) { global $kept; $kept[$name] = $value; }
function get_transient($name) { return get_option("_$name", false); }
function set_transient($name, $value, $for) { update_option("_$name", $value); }
function call($method, $url, $how) {
    $headers = array_map(fn ($name, $value) => "$name: $value", array_keys($how['headers'] ?? []), $how['headers'] ?? []);
    $asked = ['http' => ['method' => $method, 'header' => $headers, 'content' => $how['body'] ?? '', 'ignore_errors' => true, 'timeout' => $how['timeout']]];
    $body = @file_get_contents($url, false, stream_context_create($asked));
    if ($body === false) { return new WP_Error('away'); }
    return ['code' => (int) explode(' ', $http_response_header[0])[1], 'body' => $body];
}
function wp_remote_post($url, $how) { return call('POST', $url, $how); }
function wp_remote_get($url, $how) { global $gets; $gets = ($gets ?? 0) + 1; return call('GET', $url, $how); }
function is_wp_error($it) { return $it instanceof WP_Error; }
function wp_remote_retrieve_response_code($answer) { return $answer['code']; }
function wp_remote_retrieve_body($answer) { return $answer['body']; }
function wp_json_encode($value) { return json_encode($value); }
function wp_strip_all_tags($text) { return strip_tags($text); }
function wp_is_post_revision($id) { global $post; return ($post->revision ?? false) ? $id : false; }
function wp_is_post_autosave($id) { return false; }
function get_the_title($post) { return $post->post_title; }
function get_permalink($of = null) { global $post; return $post->link; }
function get_post_time($format, $gmt, $post) { return $post->time; }
function wp_get_post_terms($id, $kind, $how) { global $post; return $post->topics; }
function get_the_author_meta($name, $id) { return 'Lò Thị Mai'; }
function get_the_post_thumbnail_url($post, $size) { return $post->picture ?? false; }
function get_the_post_thumbnail_caption($post) { return $post->caption ?? ''; }
function is_singular($kind) { return true; }
function in_the_loop() { return true; }
function is_main_query() { return true; }
function esc_url($url) { return htmlspecialchars($url, ENT_QUOTES); }
function register_setting(...$all) {}
function add_options_page(...$all) {}
add_filter('the_content', fn ($text) => "<div class=\"entry\">$text</div>");
require $plugin;
$post = new WP_Post(json_decode(stream_get_contents(STDIN), true));
do_action('wp_after_insert_post', $post->ID, $post, true, null);
$shown = apply_filters('the_content', $post->post_content);
$again = apply_filters('the_content', $post->post_content);
echo json_encode(['told' => get_option('loa_last', ''), 'page' => $shown, 'same' => $shown === $again, 'gets' => $gets ?? 0]);
