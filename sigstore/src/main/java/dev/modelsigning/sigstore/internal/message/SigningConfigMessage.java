package dev.modelsigning.sigstore.internal.message;

import java.util.List;

/**
 * Services for signing as they are written (Sigstore {@code SigningConfig} v0.2). What is absent is
 * empty.
 *
 * @param mediaType the form of the message
 * @param caUrls the certificate authorities
 * @param oidcUrls the identity providers
 * @param rekorTlogUrls the transparency logs
 * @param rekorTlogConfig how many of them to use
 * @param tsaUrls the Time Stamping Authorities
 * @param tsaConfig how many of them to use
 */
public record SigningConfigMessage(
    String mediaType,
    List<Service> caUrls,
    List<Service> oidcUrls,
    List<Service> rekorTlogUrls,
    ServiceConfiguration rekorTlogConfig,
    List<Service> tsaUrls,
    ServiceConfiguration tsaConfig) {

  /** Copies the lists. */
  public SigningConfigMessage {
    caUrls = List.copyOf(caUrls);
    oidcUrls = List.copyOf(oidcUrls);
    rekorTlogUrls = List.copyOf(rekorTlogUrls);
    tsaUrls = List.copyOf(tsaUrls);
  }
}
