package dev.modelsigning.sigstore;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.sigstore.internal.service.Endpoint;
import dev.modelsigning.sigstore.internal.trust.Validity;
import dev.sigstore.proto.trustroot.v1.Service;
import dev.sigstore.proto.trustroot.v1.ServiceConfiguration;
import dev.sigstore.proto.trustroot.v1.ServiceSelector;
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
  private final dev.sigstore.proto.trustroot.v1.SigningConfig config;

  private SigningConfig(String document, dev.sigstore.proto.trustroot.v1.SigningConfig config) {
    this.document = document;
    this.config = config;
  }

  static SigningConfig parse(TrustConfigDocument.Part json) throws TrustConfigException {
    dev.sigstore.proto.trustroot.v1.SigningConfig.Builder builder =
        dev.sigstore.proto.trustroot.v1.SigningConfig.newBuilder();
    TrustMessages.merge(json, "signing configuration", builder);
    if (!builder.getMediaType().equals(MEDIA_TYPE)) {
      throw new TrustConfigException(
          json.document()
              + ": mediaType: expected '"
              + MEDIA_TYPE
              + "', found "
              + Printable.quote(builder.getMediaType()));
    }
    return new SigningConfig(json.document(), builder.build());
  }

  /** The identity provider for signing in, if the configuration has one. */
  public Optional<URI> identityProvider() throws TrustConfigException {
    List<Endpoint> endpoints = usable("oidcUrls", config.getOidcUrlsList(), Set.of(1));
    return endpoints.stream().findFirst().map(Endpoint::uri);
  }

  /** The certificate authority for signers. */
  Endpoint certificateAuthority() throws TrustConfigException {
    return select(
            "caUrls", config.getCaUrlsList(), ServiceConfiguration.getDefaultInstance(), Set.of(1))
        .get(0);
  }

  /**
   * The transparency logs.
   *
   * @param version 1 or 2; without it, version 1 if there is one, which all current clients support
   */
  List<Endpoint> transparencyLogs(Optional<Integer> version) throws TrustConfigException {
    List<Service> services = config.getRekorTlogUrlsList();
    Set<Integer> versions =
        version
            .map(Set::of)
            .orElseGet(() -> usableNow(services, Set.of(1)).isEmpty() ? Set.of(2) : Set.of(1));
    return select("rekorTlogUrls", services, config.getRekorTlogConfig(), versions);
  }

  /** The Time Stamping Authorities. */
  List<Endpoint> timestampAuthorities() throws TrustConfigException {
    return select("tsaUrls", config.getTsaUrlsList(), config.getTsaConfig(), Set.of(1));
  }

  /**
   * Selects services: those that are valid now, one of each operator, as many as the configuration
   * requires.
   */
  private List<Endpoint> select(
      String field, List<Service> services, ServiceConfiguration how, Set<Integer> versions)
      throws TrustConfigException {
    List<Endpoint> usable = usable(field, services, versions);
    int wanted = how.getSelector() == ServiceSelector.EXACT ? how.getCount() : 1;
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
    return how.getSelector() == ServiceSelector.ALL ? usable : usable.subList(0, wanted);
  }

  private List<Endpoint> usable(String field, List<Service> services, Set<Integer> versions)
      throws TrustConfigException {
    List<Endpoint> usable = new ArrayList<>();
    for (Service service : usableNow(services, versions)) {
      try {
        usable.add(new Endpoint(new URI(service.getUrl()), service.getMajorApiVersion()));
      } catch (URISyntaxException e) {
        throw new TrustConfigException(
            document + ": " + field + ": not an address: " + Printable.quote(service.getUrl()), e);
      }
    }
    return usable;
  }

  private static List<Service> usableNow(List<Service> services, Set<Integer> versions) {
    Map<String, Service> byOperator = new LinkedHashMap<>();
    Instant now = Instant.now();
    for (Service service : services) {
      if (versions.contains(service.getMajorApiVersion())
          && Validity.of(service.getValidFor()).contains(now)) {
        byOperator.putIfAbsent(service.getOperator(), service);
      }
    }
    return List.copyOf(byOperator.values());
  }
}
