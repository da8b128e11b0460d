<?php
/**
 * Plugin Name: Loa
 * Description: Gửi bài vừa đăng đến Loa để đọc thành tiếng, và đặt máy nghe vào đầu bài. (Sends posts to Loa, shows its player.)
 * Version: 1.0.0
 * Requires at least: 5.7
 * Requires PHP: 7.4
 * License: MIT
 *
 * One file: copy it to wp-content/plugins/, switch it on, and fill in Cài đặt → Loa with the address and the secret
 * that Loa's desk shows under Kết nối. Calls are signed by Standard Webhooks (https://www.standardwebhooks.com).
 */

if (!defined('ABSPATH')) {
    exit;
}

const LOA_OPTIONS = 'loa_options';          // address, name, secret
const LOA_PLAYER_KEPT_S = 600;              // how long the answer for a post is kept
const LOA_PATIENCE_S = 10;

/** What the administrator filled in; '' for what is not there. */
function loa_option(string $name): string
{
    $options = get_option(LOA_OPTIONS, []);
    return is_array($options) && isset($options[$name]) ? trim((string) $options[$name]) : '';
}

/** The signature of a call: HMAC-SHA256 over "id.time.body", with the secret after "whsec_" as base64. */
function loa_signature(string $secret, string $id, int $time, string $body): string
{
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
}

/** A post as Loa takes it. */
function loa_data(WP_Post $post): array
{
    // Without our own player in it.
    remove_filter('the_content', 'loa_with_player', 20);
    $html = apply_filters('the_content', $post->post_content);
    add_filter('the_content', 'loa_with_player', 20);
    $topics = wp_get_post_terms($post->ID, 'category', ['fields' => 'names']);
    $picture = get_the_post_thumbnail_url($post, 'large');
    return [
        'external_id' => (string) $post->ID,
        'title' => html_entity_decode(wp_strip_all_tags(get_the_title($post)), ENT_QUOTES, 'UTF-8'),
        'html' => $html,
        'url' => get_permalink($post),
        'published_at' => get_post_time('c', true, $post),
        'topic' => is_array($topics) && $topics ? html_entity_decode($topics[0], ENT_QUOTES, 'UTF-8') : '',
        'byline' => (string) get_the_author_meta('display_name', $post->post_author),
        'picture' => $picture ? $picture : '',
        'picture_caption' => $picture ? (string) get_the_post_thumbnail_caption($post) : '',
    ];
}

/** Sends a post that is public; what Loa answers is noted for the settings page. */
function loa_push(int $id, WP_Post $post): void
{
    $is_news = $post->post_type === 'post' && $post->post_status === 'publish' && $post->post_password === '';
    if (!$is_news || wp_is_post_revision($id) || wp_is_post_autosave($id)) {
        return;
    }
    loa_send('post.saved', loa_data($post));
}

/** One signed call; gives what became of it, in words. */
function loa_send(string $type, array $data): string
{
    $address = rtrim(loa_option('address'), '/');
    $secret = loa_option('secret');
    if ($address === '' || $secret === '') {
        return '';
    }
    $time = time();
    $id = 'msg_' . bin2hex(random_bytes(16));
    $body = wp_json_encode(['type' => $type, 'timestamp' => gmdate('c', $time), 'data' => $data]);
    $answer = wp_remote_post($address . '/hooks/' . rawurlencode(loa_option('name')), [
        'timeout' => LOA_PATIENCE_S,
        'redirection' => 0,
        'headers' => [
            'Content-Type' => 'application/json',
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $time,
            'webhook-signature' => loa_signature($secret, $id, $time, $body),
        ],
        'body' => $body,
    ]);
    $told = is_wp_error($answer)
        ? $answer->get_error_message()
        : 'HTTP ' . wp_remote_retrieve_response_code($answer);
    update_option('loa_last', gmdate('c', $time) . ' ' . $told, false);
    return $told;
}

/** A post with the player before it, once Loa has read it; Loa is asked at most every ten minutes. */
function loa_with_player(string $content): string
{
    $address = rtrim(loa_option('address'), '/');
    if ($address === '' || !is_singular('post') || !in_the_loop() || !is_main_query()) {
        return $content;
    }
    return loa_player($address, (string) get_permalink()) . $content;
}

/** The player of the article at an address; '' while there is none, or Loa is away. */
function loa_player(string $address, string $url): string
{
    $kept_as = 'loa_' . md5($address . $url);
    $player = get_transient($kept_as);
    if ($player !== false) {
        return $player;
    }
    $answer = wp_remote_get($address . '/oembed?url=' . rawurlencode($url), ['timeout' => 3]);
    $player = '';
    if (!is_wp_error($answer) && wp_remote_retrieve_response_code($answer) === 200) {
        $told = json_decode(wp_remote_retrieve_body($answer), true);
        // Only the place and the size are taken of what is answered: no markup of another site.
        if (is_array($told) && preg_match('/ src="([^"]+)"/', (string) ($told['html'] ?? ''), $found)) {
            $source = html_entity_decode($found[1], ENT_QUOTES, 'UTF-8');
            $height = (int) ($told['height'] ?? 180);
            $player = sprintf(
                '<iframe class="loa" src="%s" style="width:100%%;height:%dpx;border:0" title="Nghe bài này" loading="lazy"></iframe>',
                esc_url($source),
                $height
            );
        }
    }
    set_transient($kept_as, $player, LOA_PLAYER_KEPT_S);
    return $player;
}

/** The settings page, and its button that sends a test. */
function loa_settings_page(): void
{
    if (!current_user_can('manage_options')) {
        return;
    }
    $told = '';
    if (isset($_POST['loa_test']) && check_admin_referer('loa_test')) {
        $told = loa_send('test', []);
        $told = $told === '' ? 'Hãy điền địa chỉ và khóa trước.' : $told;
    }
    echo '<div class="wrap"><h1>Loa</h1>';
    if ($told !== '') {
        echo '<div class="notice notice-info"><p>' . esc_html($told) . '</p></div>';
    }
    echo '<form method="post" action="options.php">';
    settings_fields('loa');
    $labels = ['address' => 'Địa chỉ Loa (https://…)', 'name' => 'Tên kết nối', 'secret' => 'Khóa ký (whsec_…)'];
    foreach ($labels as $name => $label) {
        printf(
            '<p><label>%s<br><input class="regular-text" name="%s[%s]" type="%s" value="%s" autocomplete="off"></label></p>',
            esc_html($label),
            esc_attr(LOA_OPTIONS),
            esc_attr($name),
            $name === 'secret' ? 'password' : 'text',
            esc_attr(loa_option($name))
        );
    }
    submit_button();
    echo '</form><form method="post">';
    wp_nonce_field('loa_test');
    submit_button('Gửi thử', 'secondary', 'loa_test');
    echo '</form><p>Lần gửi cuối: ' . esc_html((string) get_option('loa_last', 'chưa gửi')) . '</p></div>';
}

// After the editor has saved the picture and the categories too.
add_action('wp_after_insert_post', 'loa_push', 10, 2);
add_filter('the_content', 'loa_with_player', 20);
add_action('admin_init', static function (): void {
    register_setting('loa', LOA_OPTIONS, ['type' => 'array']);
});
add_action('admin_menu', static function (): void {
    add_options_page('Loa', 'Loa', 'manage_options', 'loa', 'loa_settings_page');
});
