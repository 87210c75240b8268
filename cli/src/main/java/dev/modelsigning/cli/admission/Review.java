package dev.modelsigning.cli.admission;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The question of the API server whether an object is admitted (AdmissionReview of {@code
 * admission.k8s.io/v1}), as far as it is looked at.
 *
 * @param uid what the answer is for
 * @param operation such as {@code CREATE}
 * @param resource what is asked about, such as {@code deployments.apps} or {@code nodes/status},
 *     with its version if that is not v1
 * @param namespace the namespace, for records; empty if it has none
 * @param name the name of the object, for records; empty if it is not known yet
 * @param isDryRun whether nothing is stored
 * @param pod the models of the pod as it is to be; empty if it is no pod
 * @param before the models of the pod as it is
 */
public record Review(
    String uid,
    String operation,
    String resource,
    String namespace,
    String name,
    boolean isDryRun,
    Optional<PodModels> pod,
    Optional<PodModels> before) {

  /**
   * The largest size of a review in bytes: two objects of the 3 MB that the API server takes, and
   * what it says of the user.
   */
  public static final int MAX_SIZE = 8 * 1024 * 1024;

  private static final long MAX_TOKENS = 1_000_000;
  private static final int MAX_TEXT = 1024;
  private static final String VERSION = "admission.k8s.io/v1";
  private static final Pattern UID = Pattern.compile("[!-~]{1,256}");

  /** Objects of these resources have the form of pods. */
  private static boolean isPod(String resource) {
    return resource.equals("pods") || resource.equals("pods/ephemeralcontainers");
  }

  /** Whether it is a pod, or its containers for debugging, of the version that is read here. */
  public boolean isAboutPod() {
    return isPod(resource);
  }

  /** Where it is, for messages and records. */
  public String object() {
    return (namespace.isEmpty() ? "" : namespace + "/") + (name.isEmpty() ? "(new)" : name);
  }

  /**
   * Reads a review while it arrives.
   *
   * @param content at most {@link #MAX_SIZE} bytes, which the caller ensures
   * @throws IOException if it cannot be received
   * @throws MalformedReviewException if it is no review of a version that is read here, or has no
   *     uid, so that there is no answer to it
   */
  public static Review read(InputStream content) throws IOException, MalformedReviewException {
    Reading reading = new Reading();
    try {
      return JsonReader.read(
          "the review",
          content,
          MAX_SIZE,
          MAX_TOKENS,
          json -> {
            json.allowMembers(MAX_TEXT * 16);
            reading.document(json);
            return reading.review(json);
          });
    } catch (MalformedJsonException e) {
      throw new MalformedReviewException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What was read of a review so far. */
  private static final class Reading {
    private String version = "";
    private String kind = "";
    private boolean hasRequest;
    private String uid = "";
    private String operation = "";
    private String resource = "";
    private String subresource = "";
    private String namespace = "";
    private String name = "";
    private boolean dryRun;
    private Optional<PodModels> pod = Optional.empty();
    private Optional<PodModels> before = Optional.empty();

    private void document(JsonReader json) throws MalformedJsonException {
      json.object(field -> {
        switch (field) {
          case "apiVersion" -> version = json.string(MAX_TEXT);
          case "kind" -> kind = json.string(MAX_TEXT);
          case "request" -> {
            hasRequest = true;
            request(json);
          }
          default -> json.skip();
        }
      });
    }

    private void request(JsonReader json) throws MalformedJsonException {
      json.object(field -> {
        if (json.isNull()) {
          json.skip();
          return;
        }
        switch (field) {
          case "uid" -> uid = json.string(MAX_TEXT);
          case "operation" -> operation = json.string(MAX_TEXT);
          case "resource" -> resource = resource(json);
          case "subResource" -> subresource = json.string(MAX_TEXT);
          case "namespace" -> namespace = json.string(MAX_TEXT);
          case "name" -> name = json.string(MAX_TEXT);
          case "dryRun" -> dryRun = json.bool();
          case "object" -> pod = PodReader.read(json);
          case "oldObject" -> before = PodReader.read(json);
          default -> json.skip();
        }
      });
    }

    private static String resource(JsonReader json) throws MalformedJsonException {
      var read =
          new Object() {
            String group = "";
            String version = "";
            String resource = "";
          };
      json.object(field -> {
        switch (field) {
          case "group" -> read.group = json.string(MAX_TEXT);
          case "version" -> read.version = json.string(MAX_TEXT);
          case "resource" -> read.resource = json.string(MAX_TEXT);
          default -> json.skip();
        }
      });
      return read.resource
          + (read.group.isEmpty() ? "" : "." + read.group)
          + (read.version.equals("v1") ? "" : " of version " + read.version);
    }

    private Review review(JsonReader json) throws MalformedJsonException {
      if (!kind.equals("AdmissionReview") || !version.equals(VERSION)) {
        throw json.malformed(
            "expected an AdmissionReview of "
                + VERSION
                + ", found "
                + Printable.quote(kind)
                + " of "
                + Printable.quote(version)
                + "; the webhook's admissionReviewVersions are [v1]");
      }
      if (!hasRequest || !UID.matcher(uid).matches()) {
        throw json.malformed("request.uid: expected a uid, which the answer needs");
      }
      return new Review(
          uid,
          operation,
          Printable.brief(resource + (subresource.isEmpty() ? "" : "/" + subresource)),
          Printable.brief(namespace),
          Printable.brief(name),
          dryRun,
          pod,
          before);
    }
  }
}
