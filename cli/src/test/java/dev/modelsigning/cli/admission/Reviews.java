package dev.modelsigning.cli.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reviews, as the API server sends them. */
final class Reviews {

  static final String DIGEST = "sha256:" + "ab".repeat(32);
  static final String NO_OBJECT = "null";

  private Reviews() {}

  static Review read(String text) throws IOException, MalformedReviewException {
    return Review.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A review of a pod that is created. */
  static Review created(String pod) throws Exception {
    return read(review("CREATE", "pods", "", pod, NO_OBJECT));
  }

  static Review updated(String pod, String before) throws Exception {
    return read(review("UPDATE", "pods", "", pod, before));
  }

  static String review(
      String operation, String resource, String subresource, String object, String before) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{
     "uid":"705ab4f5-6393-11e8-b7cc-42010a800002",
     "kind":{"group":"","version":"v1","kind":"Pod"},
     "resource":{"group":"","version":"v1","resource":"%s"},
     "subResource":"%s","requestKind":null,
     "name":"p","namespace":"team-a","operation":"%s",
     "userInfo":{"username":"anna","groups":["system:authenticated"],"extra":null},
     "object":%s,"oldObject":%s,"dryRun":false,"options":null}}
    """
        .formatted(resource, subresource, operation, object, before);
  }

  /** A pod with an image volume that a container mounts. */
  static String pod(String reference) {
    return pod(
        "\"containers\":[{\"name\":\"server\",\"volumeMounts\":[{\"name\":\"m\"}]}]",
        "{\"name\":\"m\",\"image\":{\"reference\":\"" + reference + "\"}}");
  }

  static String pod(String containers, String volumes) {
    return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"annotations\":null},"
        + "\"spec\":{"
        + containers
        + ",\"initContainers\":null,\"volumes\":["
        + volumes
        + "]},\"status\":{}}";
  }

  /** A pod without volumes and with an annotation. */
  static String annotated(String value) {
    return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"annotations\":"
        + "{\"other\":\"1\",\"model-signing.dev/models\":\""
        + value
        + "\"}},\"spec\":{\"containers\":[]}}";
  }
}
