package dev.modelsigning.report;

import dev.modelsigning.internal.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a model is in an OCI registry, and what refers to it there.
 *
 * @param reference what was asked for, as {@code oci://HOST/REPOSITORY:TAG}
 * @param registry the host, with the port if it has one
 * @param repository the repository
 * @param tag the tag that was asked for; empty if only a digest was
 * @param digest the digest of the manifest that was signed or verified, {@code sha256:...}
 * @param attached what was attached to it now; empty when verifying
 * @param otherSignatures the number of other signatures of models that refer to it, which were not
 *     needed or are not by the required signer; empty when signing
 * @param otherReferrers the number of further manifests that refer to it, such as attestations;
 *     empty when signing
 */
public record RegistryPlace(
    String reference,
    String registry,
    String repository,
    Optional<String> tag,
    String digest,
    List<Attached> attached,
    OptionalInt otherSignatures,
    OptionalInt otherReferrers) {

  /** Copies the list. */
  public RegistryPlace {
    attached = List.copyOf(attached);
  }

  /**
   * Something that was attached.
   *
   * @param digest the digest of the manifest that refers to the model
   * @param predicateType the predicate type of the statement
   */
  public record Attached(String digest, String predicateType) {}

  void addTo(Facts facts) {
    facts.add("manifest", digest);
    facts.addList(
        "attached", attached.stream().map(it -> it.digest() + " " + it.predicateType()).toList());
    List<String> others = new ArrayList<>();
    otherSignatures.stream()
        .filter(number -> number > 0)
        .forEach(number -> others.add(Amounts.of(number, "other signature")));
    otherReferrers.stream()
        .filter(number -> number > 0)
        .forEach(number -> others.add(Amounts.of(number, "other referrer")));
    if (!others.isEmpty()) {
      facts.add("not verified", String.join(" and ", others) + " in the registry");
    }
  }

  void write(JsonWriter json) {
    json.object(
        "registry",
        fields -> {
          fields
              .string("reference", reference)
              .string("registry", registry)
              .string("repository", repository);
          tag.ifPresent(it -> fields.string("tag", it));
          fields.string("digest", digest);
          if (!attached.isEmpty()) {
            fields.array(
                "attached",
                list ->
                    attached.forEach(it ->
                        list.object(one ->
                            one.string("digest", it.digest())
                                .string("predicateType", it.predicateType()))));
          }
          otherSignatures.ifPresent(it -> fields.integer("otherSignatures", it));
          otherReferrers.ifPresent(it -> fields.integer("otherReferrers", it));
        });
  }
}
