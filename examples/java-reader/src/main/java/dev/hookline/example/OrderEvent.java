package dev.hookline.example;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonCloudEventData;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.*;

/**
 * What this reader takes of an event that tells an order's status, and no more: the rest of the body is personal data.
 *
 * @param time ISO-8601 UTC with milliseconds
 * @param version of two events of an order the one whose version is the greater text is newer
 * @param status in the sender's words; null where it sent no text
 */
record OrderEvent(String id, String source, String type, String subject, String time, String version, String status) {
  private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private record Sender(JsonPointer statusAt, Set<String> types) {}

  /** By source, the events that are handled here. docs/asyncapi.yaml describes them all. */
  private static final Map<String, Sender> SENDERS = Map.of(
      "points", new Sender(JsonPointer.compile("/order/order_status"), Set.of(
          "authorized", "captured", "approved", "completed", "cancelled", "refunded", "auto_refunded")),
      "hc", new Sender(JsonPointer.compile("/data/status"), Set.of(
          "order.created", "order.confirmed", "order.paid", "order.completed", "order.cancelled")));

  /**
   * @return empty for any other event, also one of a name that nobody has described yet
   * @throws RuntimeException where an attribute is missing that every record has
   */
  static Optional<OrderEvent> of(CloudEvent event) {
    var source = event.getSource().toString();
    var sender = SENDERS.get(source);
    if (sender == null || !sender.types.contains(event.getType())) return Optional.empty();
    var body = ((JsonCloudEventData) requireNonNull(event.getData())).getNode();
    return Optional.of(new OrderEvent(
        event.getId(), source, event.getType(), requireNonNull(event.getSubject()),
        MILLISECONDS.format(requireNonNull(event.getTime())), (String) requireNonNull(event.getExtension("version")),
        body.at(sender.statusAt).textValue()));
  }
}
