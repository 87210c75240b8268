package dev.modelsigning.sigstore;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.sigstore.internal.message.Service;
import dev.modelsigning.sigstore.internal.message.ServiceConfiguration;
import dev.modelsigning.sigstore.internal.message.ServiceConfiguration.Selector;
import dev.modelsigning.sigstore.internal.message.SigningConfigJson;
import dev.modelsigning.sigstore.internal.message.SigningConfigMessage;
import dev.modelsigning.sigstore.internal.service.Endpoint;
import dev.modelsigning.sigstore.internal.trust.Validity;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The services of a Sigstore instance for signing (Sigstore {@code SigningConfig} v0.2). */
public final class SigningConfig {

  private static final String MEDIA_TYPE = "application/vnd.dev.sigstore.signingconfig.v0.2+json";

  private final String document;
  private final SigningConfigMessage config;

  private SigningConfig(String document, SigningConfigMessage config) {
    this.document = document;
    this.config = config;
  }

  static SigningConfig parse(TrustConfigDocument.Part json) throws TrustConfigException {
    SigningConfigMessage message =
        json.read(
            "signing configuration", reader -> SigningConfigJson.read(json.document(), reader));
    if (!message.mediaType().equals(MEDIA_TYPE)) {
      throw new TrustConfigException(
          json.document()
              + ": mediaType: expected '"
              + MEDIA_TYPE
              + "', found "
              + Printable.quote(message.mediaType()));
    }
    return new SigningConfig(json.document(), message);
  }

  /** The identity provider for signing in, if the configuration has one. */
  public Optional<URI> identityProvider() throws TrustConfigException {
    List<Endpoint> endpoints = usable("oidcUrls", config.oidcUrls(), Set.of(1));
    return endpoints.stream().findFirst().map(Endpoint::uri);
  }

  /** The certificate authority for signers. */
  Endpoint certificateAuthority() throws TrustConfigException {
    return select("caUrls", config.caUrls(), ServiceConfiguration.UNSTATED, Set.of(1)).get(0);
  }

  /**
   * The transparency logs.
   *
   * @param version 1 or 2; without it, version 1 if there is one, which all current clients support
   */
  List<Endpoint> transparencyLogs(Optional<Integer> version) throws TrustConfigException {
    List<Service> services = config.rekorTlogUrls();
    Set<Integer> versions =
        version
            .map(Set::of)
            .orElseGet(() -> usableNow(services, Set.of(1)).isEmpty() ? Set.of(2) : Set.of(1));
    return select("rekorTlogUrls", services, config.rekorTlogConfig(), versions);
  }

  /** The Time Stamping Authorities. */
  List<Endpoint> timestampAuthorities() throws TrustConfigException {
    return select("tsaUrls", config.tsaUrls(), config.tsaConfig(), Set.of(1));
  }

  /**
   * Selects services: those that are valid now, one of each operator, as many as the configuration
   * requires.
   */
  private List<Endpoint> select(
      String field, List<Service> services, ServiceConfiguration how, Set<Integer> versions)
      throws TrustConfigException {
    List<Endpoint> usable = usable(field, services, versions);
    Optional<Selector> selector = how.selector();
    long wanted = selector.equals(Optional.of(Selector.EXACT)) ? how.count() : 1;
    if (usable.size() < Math.max(wanted, 1)) {
      throw new TrustConfigException(
          document
              + ": "
              + field
              + ": expected "
              + Math.max(wanted, 1)
              + " of version "
              + versions.iterator().next()
              + " that can be used now, found "
              + usable.size());
    }
    return selector.equals(Optional.of(Selector.ALL)) ? usable : usable.subList(0, (int) wanted);
  }

  private List<Endpoint> usable(String field, List<Service> services, Set<Integer> versions)
      throws TrustConfigException {
    List<Endpoint> usable = new ArrayList<>();
    for (Service service : usableNow(services, versions)) {
      try {
        usable.add(new Endpoint(new URI(service.url()), (int) service.majorApiVersion()));
      } catch (URISyntaxException e) {
        throw new TrustConfigException(
            document + ": " + field + ": not an address: " + Printable.quote(service.url()), e);
      }
    }
    return usable;
  }

  private static List<Service> usableNow(List<Service> services, Set<Integer> versions) {
    Map<String, Service> byOperator = new LinkedHashMap<>();
    Instant now = Instant.now();
    for (Service service : services) {
      if (versions.stream().anyMatch(version -> version == service.majorApiVersion())
          && Validity.of(service.validFor()).contains(now)) {
        byOperator.putIfAbsent(service.operator(), service);
      }
    }
    return List.copyOf(byOperator.values());
  }
}
