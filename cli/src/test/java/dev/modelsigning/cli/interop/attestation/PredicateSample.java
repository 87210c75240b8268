package dev.modelsigning.cli.interop.attestation;

/** The smallest predicate of each type that has a short name, and of one that has none. */
public enum PredicateSample {
  CYCLONEDX(
      "cyclonedx", "https://cyclonedx.org/bom", "{'bomFormat':'CycloneDX','specVersion':'1.6'}"),
  SPDX(
      "spdx",
      "https://spdx.dev/Document/v3",
      "{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[{'type':'SpdxDocument'}]}"),
  SLSA(
      "slsa",
      "https://slsa.dev/provenance/v1",
      "{'buildDefinition':{'buildType':'https://bank.example/train','externalParameters':{}},"
          + "'runDetails':{'builder':{'id':'https://bank.example/trainer'}}}"),
  VSA(
      "vsa",
      "https://slsa.dev/verification_summary/v1",
      "{'verifier':{'id':'https://bank.example/gate'},'timeVerified':'2026-01-02T03:04:05Z',"
          + "'resourceUri':'https://bank.example/model','policy':{'uri':'https://bank.example/policy'},"
          + "'verificationResult':'PASSED','verifiedLevels':['SLSA_BUILD_LEVEL_2']}"),
  TEST_RESULT(
      "test-result",
      "https://in-toto.io/attestation/test-result/v0.1",
      "{'result':'PASSED','configuration':[{'uri':'https://bank.example/tests'}]}"),
  VULNS(
      "vulns",
      "https://in-toto.io/attestation/vulns/v0.2",
      "{'scanner':{'uri':'https://bank.example/scanner','db':{'lastUpdate':'2026-01-02T03:04:05Z'},"
          + "'result':[]},'metadata':{'scanStartedOn':'2026-01-02T03:04:05Z',"
          + "'scanFinishedOn':'2026-01-02T03:04:06Z'}}"),
  CARBON("https://bank.example/carbon/v1", "https://bank.example/carbon/v1", "{'kg':7}");

  private final String type;
  private final String uri;
  private final String json;

  PredicateSample(String type, String uri, String json) {
    this.type = type;
    this.uri = uri;
    this.json = json.replace('\'', '"');
  }

  /** What {@code --predicate-type} is given. */
  public String type() {
    return type;
  }

  /** The predicate type in the statement. */
  public String uri() {
    return uri;
  }

  /** The predicate. */
  public String json() {
    return json;
  }
}
