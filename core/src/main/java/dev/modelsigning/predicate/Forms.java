package dev.modelsigning.predicate;

import static dev.modelsigning.predicate.Form.anything;
import static dev.modelsigning.predicate.Form.array;
import static dev.modelsigning.predicate.Form.filledArray;
import static dev.modelsigning.predicate.Form.map;
import static dev.modelsigning.predicate.Form.matching;
import static dev.modelsigning.predicate.Form.object;
import static dev.modelsigning.predicate.Form.objectWithoutNull;
import static dev.modelsigning.predicate.Form.oneOf;
import static dev.modelsigning.predicate.Form.positiveInteger;
import static dev.modelsigning.predicate.Form.recursive;
import static dev.modelsigning.predicate.Form.string;
import static dev.modelsigning.predicate.Form.text;
import static dev.modelsigning.predicate.Form.time;
import static dev.modelsigning.predicate.Form.uri;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.time.Instant;
import java.util.Map;

/** The forms of the known predicates: what their specifications require, and the types of it. */
final class Forms {

  /** The lengths of digests in bytes, by their names in a DigestSet. */
  private static final Map<String, Integer> LENGTHS =
      Map.of("sha1", 20, "sha224", 28, "sha256", 32, "sha384", 48, "sha512", 64);

  /** In-toto DigestSet: digests by their algorithms, of which there are more than these. */
  private static final Form DIGESTS =
      (json, latest) -> json.object(name -> digest(name).check(json, latest));

  /** In-toto ResourceDescriptor v1. */
  private static final Form RESOURCE = resource().atLeastOneOf("uri", "digest", "content");

  private static Form.Members resource() {
    return object()
        .optional("name", string())
        .optional("uri", uri())
        .optional("digest", DIGESTS)
        .optional("content", string())
        .optional("downloadLocation", uri())
        .optional("mediaType", string())
        .optional("annotations", map(anything()));
  }

  /** SLSA Build Provenance v1. */
  static final Form SLSA_PROVENANCE =
      object()
          .required(
              "buildDefinition",
              object()
                  .required("buildType", uri())
                  .required("externalParameters", map(anything()))
                  .optional("internalParameters", map(anything()))
                  .optional("resolvedDependencies", array(RESOURCE)))
          .required(
              "runDetails",
              object()
                  .required(
                      "builder",
                      object()
                          .required("id", uri())
                          .optional("builderDependencies", array(RESOURCE))
                          .optional("version", map(string())))
                  .optional(
                      "metadata",
                      object()
                          .optional("invocationId", string())
                          .optional("startedOn", time())
                          .optional("finishedOn", time()))
                  .optional("byproducts", array(RESOURCE)));

  /** SLSA Verification Summary v1. */
  static final Form VERIFICATION_SUMMARY =
      object()
          .required("verifier", object().required("id", uri()).optional("version", map(string())))
          .required("timeVerified", time())
          .required("resourceUri", uri())
          .required("policy", object().required("uri", uri()).optional("digest", DIGESTS))
          .optional("inputAttestations", array(resource().required("digest", DIGESTS)))
          .required("verificationResult", oneOf("PASSED", "FAILED"))
          .required("verifiedLevels", array(text()))
          .optional("dependencyLevels", map(anything()))
          .optional("slsaVersion", matching("\\d{1,4}\\.\\d{1,4}", "a version such as 1.0"));

  /** In-toto Test Result v0.1. */
  static final Form TEST_RESULT =
      object()
          .required("result", oneOf("PASSED", "WARNED", "FAILED"))
          .required("configuration", array(RESOURCE))
          .optional("url", uri())
          .optional("passedTests", array(string()))
          .optional("warnedTests", array(string()))
          .optional("failedTests", array(string()));

  /** In-toto Vulnerabilities v0.2. */
  static final Form VULNERABILITIES =
      object()
          .required(
              "scanner",
              object()
                  .required("uri", uri())
                  .optional("version", string())
                  .required(
                      "db",
                      object()
                          .optional("uri", uri())
                          .optional("version", string())
                          .required("lastUpdate", time()))
                  .required(
                      "result",
                      array(
                          object()
                              .required("id", text())
                              .required(
                                  "severity",
                                  array(
                                      object()
                                          .required("method", text())
                                          .required("score", text()))))))
          .required(
              "metadata",
              object().required("scanStartedOn", time()).required("scanFinishedOn", time()));

  private static final Form COMPONENT =
      objectWithoutNull()
          .required(
              "type",
              oneOf(
                  "application",
                  "framework",
                  "library",
                  "container",
                  "platform",
                  "operating-system",
                  "device",
                  "device-driver",
                  "firmware",
                  "file",
                  "machine-learning-model",
                  "data",
                  "cryptographic-asset"))
          .required("name", string())
          .optional("bom-ref", text())
          .optional("version", string())
          .optional("components", array(recursive(Forms::component)));

  /** CycloneDX 1.4 to 1.7. */
  static final Form CYCLONEDX =
      objectWithoutNull()
          .required("bomFormat", oneOf("CycloneDX"))
          .required("specVersion", oneOf("1.4", "1.5", "1.6", "1.7"))
          .optional(
              "serialNumber",
              matching(
                  "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                  "a UUID such as urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"))
          .optional("version", positiveInteger())
          .optional(
              "metadata",
              objectWithoutNull()
                  .optional("timestamp", time())
                  .optional("component", recursive(Forms::component)))
          .optional("components", array(recursive(Forms::component)));

  /** SPDX 3.0, as JSON-LD. */
  static final Form SPDX =
      object()
          .optional("spdxVersion", Forms::refuseSpdx2)
          .required(
              "@context",
              matching(
                  "https://spdx\\.org/rdf/3\\.[0-9.]{1,20}/spdx-context\\.jsonld",
                  "the context of SPDX 3, such as"
                      + " https://spdx.org/rdf/3.0.1/spdx-context.jsonld"))
          .required("@graph", filledArray(object().required("type", text())));

  private Forms() {}

  private static Form digest(String algorithm) {
    Integer length = LENGTHS.get(algorithm);
    return length == null
        ? text()
        : matching(
            "[0-9A-Fa-f]{" + 2 * length + "}", 2 * length + " hexadecimal digits of " + algorithm);
  }

  private static Form component() {
    return COMPONENT;
  }

  private static void refuseSpdx2(JsonReader json, Instant latest) throws MalformedJsonException {
    String version = json.isString() ? json.string() : "";
    throw json.malformed(
        "this is a document of SPDX 2 ("
            + Printable.quote(version)
            + "), whose predicate type is https://spdx.dev/Document/v2.3; give that one");
  }
}
