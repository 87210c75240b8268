package dev.modelsigning.sigstore.internal.message;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@link SigningConfigMessage}. */
public final class SigningConfigJson {

  private final JsonReader json;
  private final MessageJson fields;

  private SigningConfigJson(String document, JsonReader json) {
    this.json = json;
    this.fields = new MessageJson(document, json);
  }

  /**
   * Reads a signing configuration.
   *
   * @param document the name of the document in messages
   * @param json positioned at it
   */
  public static SigningConfigMessage read(String document, JsonReader json)
      throws MalformedJsonException {
    return new SigningConfigJson(document, json).signingConfig();
  }

  private SigningConfigMessage signingConfig() throws MalformedJsonException {
    var config =
        new Object() {
          @Nullable String mediaType;
          @Nullable List<Service> caUrls;
          @Nullable List<Service> oidcUrls;
          @Nullable List<Service> rekorTlogUrls;
          @Nullable ServiceConfiguration rekorTlogConfig;
          @Nullable List<Service> tsaUrls;
          @Nullable ServiceConfiguration tsaConfig;
        };
    json.object(name -> {
      switch (name) {
        case "mediaType", "media_type" -> config.mediaType = fields.text(config.mediaType);
        case "caUrls", "ca_urls" -> config.caUrls = fields.list(config.caUrls, this::service);
        case "oidcUrls", "oidc_urls" ->
            config.oidcUrls = fields.list(config.oidcUrls, this::service);
        case "rekorTlogUrls", "rekor_tlog_urls" ->
            config.rekorTlogUrls = fields.list(config.rekorTlogUrls, this::service);
        case "rekorTlogConfig", "rekor_tlog_config" ->
            config.rekorTlogConfig = fields.message(config.rekorTlogConfig, this::configuration);
        case "tsaUrls", "tsa_urls" -> config.tsaUrls = fields.list(config.tsaUrls, this::service);
        case "tsaConfig", "tsa_config" ->
            config.tsaConfig = fields.message(config.tsaConfig, this::configuration);
        default -> json.skip();
      }
    });
    return new SigningConfigMessage(
        MessageJson.orElse(config.mediaType, ""),
        MessageJson.orElse(config.caUrls, List.of()),
        MessageJson.orElse(config.oidcUrls, List.of()),
        MessageJson.orElse(config.rekorTlogUrls, List.of()),
        MessageJson.orElse(config.rekorTlogConfig, ServiceConfiguration.UNSTATED),
        MessageJson.orElse(config.tsaUrls, List.of()),
        MessageJson.orElse(config.tsaConfig, ServiceConfiguration.UNSTATED));
  }

  private Service service() throws MalformedJsonException {
    var service =
        new Object() {
          @Nullable String url;
          @Nullable Long majorApiVersion;
          @Nullable TimeRange validFor;
          @Nullable String operator;
        };
    json.object(name -> {
      switch (name) {
        case "url" -> service.url = fields.text(service.url);
        case "majorApiVersion", "major_api_version" ->
            service.majorApiVersion = fields.uint32(service.majorApiVersion);
        case "validFor", "valid_for" -> service.validFor = fields.timeRange(service.validFor);
        case "operator" -> service.operator = fields.text(service.operator);
        default -> json.skip();
      }
    });
    return new Service(
        MessageJson.orElse(service.url, ""),
        MessageJson.orElse(service.majorApiVersion, 0L),
        MessageJson.orElse(service.validFor, TimeRange.UNSTATED),
        MessageJson.orElse(service.operator, ""));
  }

  private ServiceConfiguration configuration() throws MalformedJsonException {
    var configuration =
        new Object() {
          @Nullable EnumText selector;
          @Nullable Long count;
        };
    json.object(name -> {
      switch (name) {
        case "selector" -> configuration.selector = fields.enumeration(configuration.selector);
        case "count" -> configuration.count = fields.uint32(configuration.count);
        default -> json.skip();
      }
    });
    return new ServiceConfiguration(
        Optional.ofNullable(configuration.selector).flatMap(ServiceConfiguration.Selector::of),
        MessageJson.orElse(configuration.count, 0L));
  }
}
