package io.github.clusterboot.benchmark;

import java.util.List;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Reads an order in JSON, adds it up and answers in JSON.
 */
@RestController
class OrderController {

	@PostMapping("/json")
	Invoice invoice(@RequestBody Order order) {
		List<InvoiceLine> lines = order.lines()
			.stream()
			.map((line) -> new InvoiceLine(line.sku(), line.quantity(), line.price(), line.quantity() * line.price()))
			.toList();
		return new Invoice(order.id(), order.customer(), lines, lines.stream().mapToLong(InvoiceLine::total).sum());
	}

	/**
	 * What is ordered.
	 *
	 * @param id the order's number
	 * @param customer who orders
	 * @param lines what is ordered
	 */
	record Order(long id, String customer, List<OrderLine> lines) {

	}

	/**
	 * One thing that is ordered.
	 *
	 * @param sku which one
	 * @param quantity how many
	 * @param price the price of one, in cents
	 */
	record OrderLine(String sku, int quantity, long price) {

	}

	/**
	 * What an order costs.
	 *
	 * @param id the order's number
	 * @param customer who has ordered
	 * @param lines what has been ordered
	 * @param total the sum in cents
	 */
	record Invoice(long id, String customer, List<InvoiceLine> lines, long total) {

	}

	/**
	 * What one thing costs.
	 *
	 * @param sku which one
	 * @param quantity how many
	 * @param price the price of one, in cents
	 * @param total the price of all, in cents
	 */
	record InvoiceLine(String sku, int quantity, long price, long total) {

	}

}
