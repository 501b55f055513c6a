package com.example.shop;

import io.github.clusterboot.Cluster;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application as its author would write it: it knows the starter only by its
 * coordinates.
 */
@SpringBootApplication
@RestController
public class ShopApplication {

	private final Cluster cluster;

	ShopApplication(Cluster cluster) {
		this.cluster = cluster;
	}

	@GetMapping("/role")
	String role() {
		return this.cluster.getRole().name();
	}

	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

}
